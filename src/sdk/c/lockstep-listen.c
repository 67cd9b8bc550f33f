/* SPDX-License-Identifier: MIT */

#include "lockstep-listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lockstep-serve.h"

typedef union
{
  struct sockaddr     any;
  struct sockaddr_in  four;
  struct sockaddr_in6 six;
} Address;

/* Splits HOST:PORT or [HOST]:PORT. */
static gboolean
split (const char *address,
       char      **host,
       char      **port)
{
  const char *colon = strrchr (address, ':');

  /* getaddrinfo() takes the rest of a port over 65535. */
  if (!colon || colon == address || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, NULL, NULL))
    return FALSE;
  if (address[0] == '[' && colon[-1] == ']')
    *host = g_strndup (address + 1, colon - address - 2);
  else
    *host = g_strndup (address, colon - address);
  *port = g_strdup (colon + 1);

  return TRUE;
}

/* Whoever connects is obeyed without a question, so only this machine may. */
static gboolean
is_loopback (const Address *address)
{
  if (address->any.sa_family == AF_INET)
    return ntohl (address->four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;

  return address->any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK (&address->six.sin6_addr);
}

static gboolean
resolve (const char *text,
         Address    *address,
         socklen_t  *length,
         GError    **error)
{
  struct addrinfo  hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
  struct addrinfo *found = NULL;
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  int              failure;

  if (!split (text, &host, &port))
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM,
                   "“%s” is no address to listen on: HOST:PORT was expected, such as 127.0.0.1:8800", text);
      return FALSE;
    }
  failure = getaddrinfo (host, port, &hints, &found);
  if (failure)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM,
                   "cannot listen on %s: %s", text, gai_strerror (failure));
      return FALSE;
    }
  *length = MIN (found->ai_addrlen, sizeof *address);
  memcpy (address, found->ai_addr, *length);
  freeaddrinfo (found);
  if (!is_loopback (address))
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM,
                   "%s is not an address of this machine alone, and a solver obeys whoever connects to it; "
                   "listen on 127.0.0.1, and reach it from elsewhere through ssh -L",
                   text);
      return FALSE;
    }

  return TRUE;
}

static int
open_listener (const char *text,
               GError    **error)
{
  Address   address;
  socklen_t length;
  int       listener;
  int       yes = 1;

  if (!resolve (text, &address, &length, error))
    return -1;
  listener = socket (address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener >= 0)
    setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener < 0 || bind (listener, &address.any, length) != 0 || listen (listener, 1) != 0)
    {
      g_set_error (error, LOCKSTEP_SDK_ERROR, LOCKSTEP_SDK_ERROR_STREAM, "cannot listen on %s: %s", text,
                   g_strerror (errno));
      if (listener >= 0)
        close (listener);
      return -1;
    }

  return listener;
}

static void
print_address (int listener)
{
  Address   address;
  socklen_t length = sizeof address;
  char      host[INET6_ADDRSTRLEN] = "";

  getsockname (listener, &address.any, &length);
  if (address.any.sa_family == AF_INET6)
    printf ("listening on [%s]:%u\n", inet_ntop (AF_INET6, &address.six.sin6_addr, host, sizeof host),
            ntohs (address.six.sin6_port));
  else
    printf ("listening on %s:%u\n", inet_ntop (AF_INET, &address.four.sin_addr, host, sizeof host),
            ntohs (address.four.sin_port));
  fflush (stdout);
}

int
lockstep_listen (LockstepSdkSolver *solver,
                 const char        *text)
{
  LockstepServed     served = LOCKSTEP_SERVED_GONE;
  g_autoptr (GError) error = NULL;
  int                listener = open_listener (text, &error);
  int                yes = 1;

  if (listener < 0)
    {
      fprintf (stderr, "%s: %s\n", solver->name, error->message);
      return 1;
    }
  print_address (listener);

  while (served != LOCKSTEP_SERVED_TERMINATED)
    {
      int connection = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

      if (connection < 0 && (errno == EINTR || errno == ECONNABORTED))
        continue;
      if (connection < 0)
        {
          fprintf (stderr, "%s: cannot accept a connection: %s\n", solver->name, g_strerror (errno));
          break;
        }
      setsockopt (connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      lockstep_sdk_solver_reset (solver);
      served = lockstep_serve (solver, connection, TRUE);
    }
  close (listener);

  return served == LOCKSTEP_SERVED_TERMINATED ? 0 : 1;
}
