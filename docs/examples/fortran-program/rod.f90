! SPDX-License-Identifier: MIT
!
! A metal rod of one metre, kept hot at one end: how far the heat has come in. It reads case.nml and knows nothing of
! Lockstep.

program rod
  implicit none
  integer, parameter :: wp = kind(1d0)
  real(wp), allocatable :: old(:), new(:)
  real(wp) :: diffusivity, seconds, dx, dt, depth
  integer  :: cells, steps, step, i
  namelist /rod_case/ diffusivity, seconds, cells

  open (10, file='case.nml', status='old', action='read')
  read (10, nml=rod_case)
  close (10)

  allocate (old(0:cells), new(0:cells))
  dx = 1 / real(cells, wp)
  steps = ceiling(seconds * diffusivity / (0.4_wp * dx**2))
  dt = seconds / steps
  old = 0
  old(0) = 1
  new = old

  do step = 1, steps
    do i = 1, cells - 1
      new(i) = old(i) + diffusivity * dt / dx**2 * (old(i - 1) - 2 * old(i) + old(i + 1))
    end do
    new(cells) = new(cells - 1)
    old = new
    if (mod(step, max(steps / 50, 1)) == 0) write (*, '(a, d12.5, a, d12.5)') &
      ' TIME = ', step * dt, '   FLUX = ', (old(0) - old(1)) / dx
  end do

  i = 0
  do while (old(i) > 0.5_wp)
    i = i + 1
  end do
  depth = dx * (i - 1 + (old(i - 1) - 0.5_wp) / (old(i - 1) - old(i)))
  write (*, '(a, d14.7)') ' DEPTH OF HALF THE TEMPERATURE = ', depth
end program rod
