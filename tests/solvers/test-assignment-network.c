/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "assignment-cost.h"
#include "assignment-demand.h"
#include "assignment-files.h"
#include "assignment-text.h"

#include <math.h>
#include <string.h>

#define HEADER               \
  "<NUMBER OF ZONES> 2\n"    \
  "<NUMBER OF NODES> 3\n"    \
  "<FIRST THRU NODE> 3\n"    \
  "<NUMBER OF LINKS> 3\n"    \
  "<ORIGINAL HEADER>~ A B\n" \
  "<END OF METADATA>\n"      \
  "\n"                       \
  "~ from to capacity length time b power\n"

static void
test_network (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *path = NULL;
  g_autoptr (AssignmentNetwork) network = NULL;
  g_autoptr (GError)            error = NULL;

  path = assignment_files_write (folder, "net.tntp",
                                 HEADER "\t1\t3\t100\t1\t10\t0.15\t4\t0\t0\t1\t;\r\n"
                                        "3 2 50.5 1 2.5e1 .5 1.5 ;\n"
                                        "3 1 0 0 7 0 4");
  network = assignment_network_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (network->n_zones, ==, 2);
  g_assert_cmpuint (network->n_nodes, ==, 3);
  g_assert_cmpuint (network->first_thru_node, ==, 3);
  g_assert_cmpuint (network->n_links, ==, 3);
  g_assert_cmpuint (network->from[1], ==, 3);
  g_assert_cmpuint (network->to[1], ==, 2);
  g_assert_cmpfloat (network->capacity[1], ==, 50.5);
  g_assert_cmpfloat (network->free_flow_time[1], ==, 25.0);
  g_assert_cmpint (network->whole_power[0], ==, 4);
  g_assert_cmpint (network->whole_power[1], ==, -1);
  g_assert_cmpuint (network->first_leaving[1], ==, 0);
  g_assert_cmpuint (network->first_leaving[2], ==, 1);
  g_assert_cmpuint (network->first_leaving[3], ==, 1);
  g_assert_cmpuint (network->first_leaving[4], ==, 3);
  g_assert_cmpuint (network->leaving[1], ==, 1);
  g_assert_cmpuint (network->leaving[2], ==, 2);

  assignment_files_remove (folder);
}

static void
test_cost (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *path = NULL;
  g_autoptr (AssignmentNetwork) network = NULL;
  g_autoptr (GError)            error = NULL;
  double                        flows[] = { 200.0, 101.0, 12.0 };
  double                        target[] = { 100.0, 0.0, 13.0 };
  double                        times[3], slopes[3], first, second;

  path = assignment_files_write (folder, "net.tntp",
                                 HEADER "1 3 100 1 10 0.15 4 ;\n3 2 50.5 1 25 .5 1.5 ;\n3 1 0 0 7 0 0.5 ;\n");
  network = assignment_network_read (path, &error);
  g_assert_no_error (error);

  assignment_cost_get_times (network, NULL, times);
  g_assert_cmpfloat (times[0], ==, 10.0);
  g_assert_cmpfloat (times[1], ==, 25.0);
  g_assert_cmpfloat (times[2], ==, 7.0);

  assignment_cost_get_times (network, flows, times);
  g_assert_cmpfloat_with_epsilon (times[0], 10.0 * (1 + 0.15 * 16), 1e-12);
  g_assert_cmpfloat_with_epsilon (times[1], 25.0 * (1 + 0.5 * pow (2, 1.5)), 1e-12);
  g_assert_cmpfloat (times[2], ==, 7.0);

  assignment_cost_get_slopes (network, flows, slopes);
  g_assert_cmpfloat_with_epsilon (slopes[0], 10.0 * 0.15 * 4 * 8 / 100, 1e-12);
  g_assert_cmpfloat_with_epsilon (slopes[1], 25.0 * 0.5 * 1.5 * sqrt (2) / 50.5, 1e-12);
  g_assert_cmpfloat (slopes[2], ==, 0.0);

  g_assert_cmpfloat_with_epsilon (assignment_cost_get_objective (network, flows),
                                  10.0 * (200 + 0.15 * 100 * pow (2, 5) / 5) +
                                    25.0 * (101 + 0.5 * 50.5 * pow (2, 2.5) / 2.5) + 7.0 * 12,
                                  1e-9);

  assignment_cost_get_derivatives (network, flows, target, 0.0, &first, &second);
  g_assert_cmpfloat_with_epsilon (first, -100 * times[0] - 101 * times[1] + times[2], 1e-9);
  g_assert_cmpfloat_with_epsilon (second, 1e4 * slopes[0] + 101 * 101 * slopes[1], 1e-9);

  assignment_files_remove (folder);
}

/* Contents of a file that is wrong, and what the message must hold. */
typedef struct
{
  const char *name;
  const char *contents;
  const char *expected;
} Wrong;

static const Wrong wrong_networks[] = {
  { "not-tntp", "from,to\n1,2\n", "net.tntp:1: Expected a line of metadata" },
  { "empty", "", "net.tntp:1: The file ends without “<END OF METADATA>”" },
  { "no-end", "<NUMBER OF ZONES> 2\n", "net.tntp:1: The file ends without" },
  { "no-zones", "<NUMBER OF NODES> 3\n<END OF METADATA>\n",
    "net.tntp:2: The metadata above lacks “<NUMBER OF ZONES>”" },
  { "zones", "<NUMBER OF NODES> 3\n<NUMBER OF ZONES> 4\n<END OF METADATA>\n",
    "net.tntp:2: “<NUMBER OF ZONES>” is “4”; expected a whole number of 1 to 3" },
  { "few", HEADER "1 3 100 1 10 0.15 4 ;\n",
    "net.tntp:9: The file ends after 1 links; “<NUMBER OF LINKS>” says 3" },
  { "many", HEADER "1 3 1 1 1 1 4 ;\n1 3 1 1 1 1 4 ;\n1 3 1 1 1 1 4 ;\n3 2 1 1 1 1 4 ;\n",
    "net.tntp:12: One more link than the 3" },
  { "node", HEADER "1 4 100 1 10 0.15 4 ;\n",
    "net.tntp:9: The node at the end of the link is 4; expected a whole number of 1 to 3" },
  { "word", HEADER "1 3 100 1 10 0.15 4 ;\n\n1 3 much 1 10 0.15 4 ;\n",
    "net.tntp:11: Expected a number for the capacity, found “much”" },
  { "infinite", HEADER "1 3 inf 1 10 0.15 4 ;\n", "net.tntp:9: Expected a number for the capacity, found “inf”" },
  { "hexadecimal", HEADER "1 3 0x10 1 10 0.15 4 ;\n",
    "net.tntp:9: Expected a number for the capacity, found “0x10”" },
  { "too-large", HEADER "1 3 1e400 1 10 0.15 4 ;\n",
    "net.tntp:9: Expected a number for the capacity, found “1e400”" },
  { "short", HEADER "1 3 100 1 10 ;\n", "net.tntp:9: Expected a number for the coefficient B, found nothing" },
  { "capacity", HEADER "1 3 0 1 10 0.15 4 ;\n", "net.tntp:9: The capacity is 0; it must be above 0" },
  { "time", HEADER "1 3 100 1 -10 0.15 4 ;\n", "net.tntp:9: The free-flow time is -10; it must not be negative" },
  { "b", HEADER "1 3 100 1 10 -1 4 ;\n", "net.tntp:9: The coefficient B is -1; it must not be negative" },
  { "power", HEADER "1 3 100 1 10 0.15 -4 ;\n", "net.tntp:9: The power is -4; it must not be negative" },
};

static void
test_wrong_network (gconstpointer data)
{
  const Wrong       *wrong = data;
  g_autofree char   *folder = assignment_files_make_folder ();
  g_autofree char   *path = assignment_files_write (folder, "net.tntp", wrong->contents);
  g_autoptr (GError) error = NULL;

  g_assert_null (assignment_network_read (path, &error));
  g_assert_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FORMAT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, wrong->expected));

  assignment_files_remove (folder);
}

static void
test_absent (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (assignment_network_read ("/nowhere/net.tntp", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "/nowhere/net.tntp"));
}

#define ZONES \
  "<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 10\n<END OF METADATA>\n\n"

/* Three zones, and no links that matter. */
static AssignmentNetwork *
read_three_zones (const char *folder)
{
  g_autofree char   *path = NULL;
  g_autoptr (GError) error = NULL;
  AssignmentNetwork *network;

  path = assignment_files_write (folder, "net.tntp",
                                 "<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 3\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n"
                                 "1 2 1 1 1 1 1 ;\n");
  network = assignment_network_read (path, &error);
  g_assert_no_error (error);

  return network;
}

static void
test_demand (void)
{
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *path = NULL;
  g_autoptr (AssignmentNetwork) network = read_three_zones (folder);
  g_autoptr (AssignmentDemand)  demand = NULL;
  g_autoptr (GError)            error = NULL;

  g_assert_cmpuint (network->first_thru_node, ==, 1);

  path = assignment_files_write (folder, "trips.tntp",
                                 ZONES "Origin \t3\n  1 :   0.1;  2:4.0; ~ 9 : 9\n 3 : 5.0;\nOrigin 1\n 2 : 0.0;\n"
                                       "origin 2\n1 : 1e-7;\n3 : 2.5e-1\n");
  demand = assignment_demand_read (path, network, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (demand->n_origins, ==, 2);
  g_assert_cmpuint (demand->origin[0], ==, 3);
  g_assert_cmpuint (demand->origin[1], ==, 2);
  g_assert_cmpuint (demand->first[0], ==, 0);
  g_assert_cmpuint (demand->first[1], ==, 2);
  g_assert_cmpuint (demand->first[2], ==, 3);
  g_assert_cmpuint (demand->destination[1], ==, 2);
  g_assert_cmpuint (demand->destination[2], ==, 3);

  /* Rounded to 2^-20. */
  g_assert_cmpfloat (demand->vehicles[0], ==, 104858.0 / 1048576.0);
  g_assert_cmpfloat (demand->vehicles[1], ==, 4.0);
  g_assert_cmpfloat (demand->vehicles[2], ==, 0.25);
  g_assert_cmpfloat (demand->total, ==, 104858.0 / 1048576.0 + 4.25);

  assignment_files_remove (folder);
}

static const Wrong wrong_demands[] = {
  { "zones", "<NUMBER OF ZONES> 4\n<END OF METADATA>\n",
    "trips.tntp:1: “<NUMBER OF ZONES>” is “4”; expected 3" },
  { "no-origin", ZONES "1 : 2;\n", "trips.tntp:5: Expected “Origin ZONE” before the first demand" },
  { "origin", ZONES "Origin 4\n", "trips.tntp:5: The origin is 4; expected a whole number of 1 to 3" },
  { "origin-twice", ZONES "Origin 1\n2 : 1;\nOrigin 1\n", "trips.tntp:7: The origin 1 has stood above already" },
  { "twice", ZONES "Origin 1\n2 : 1;\n2 : 1;\n", "trips.tntp:7: The demand from 1 to 2 stands here twice" },
  { "negative", ZONES "Origin 1\n2 : -1;\n", "trips.tntp:6: The demand from 1 to 2 is -1; it must not be negative" },
  { "colon", ZONES "Origin 1\n2 5;\n", "trips.tntp:6: Expected “:” and the demand after the destination 2" },
  { "word", ZONES "Origin 1\n2 : x;\n", "trips.tntp:6: Expected a number for the demand, found “x”" },
  { "none", ZONES "Origin 1\n1 : 5;\n2 : 0;\n", "trips.tntp:7: The file ends without any demand" },
  { "too-much", ZONES "Origin 1\n2 : 8e9;\n3 : 8e9;\n", "trips.tntp:7: The demand up to here is 1.6e+10 vehicles" },
};

static void
test_wrong_demand (gconstpointer data)
{
  const Wrong                  *wrong = data;
  g_autofree char              *folder = assignment_files_make_folder ();
  g_autofree char              *path = assignment_files_write (folder, "trips.tntp", wrong->contents);
  g_autoptr (AssignmentNetwork) network = read_three_zones (folder);
  g_autoptr (GError)            error = NULL;

  g_assert_null (assignment_demand_read (path, network, &error));
  g_assert_error (error, ASSIGNMENT_ERROR, ASSIGNMENT_ERROR_FORMAT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, wrong->expected));

  assignment_files_remove (folder);
}

static void
add_wrong (const char   *folder,
           const Wrong  *wrong,
           GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/assignment/%s/%s", folder, wrong->name);

  g_test_add_data_func (path, wrong, test);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/network", test_network);
  g_test_add_func ("/assignment/cost", test_cost);
  g_test_add_func ("/assignment/absent", test_absent);
  g_test_add_func ("/assignment/demand", test_demand);
  for (guint i = 0; i < G_N_ELEMENTS (wrong_networks); i++)
    add_wrong ("wrong-network", &wrong_networks[i], test_wrong_network);
  for (guint i = 0; i < G_N_ELEMENTS (wrong_demands); i++)
    add_wrong ("wrong-demand", &wrong_demands[i], test_wrong_demand);

  return g_test_run ();
}
