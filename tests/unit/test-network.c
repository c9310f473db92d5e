// SPDX-License-Identifier: GPL-3.0-or-later
/* In a network of its own, with names that are known when the test says so. */
#include "agent/sk-network.h"

#include <gio/gio.h>
#include <sched.h>

typedef enum { UNKNOWN, KNOWN, SILENT } Names;

static Names names;
static guint asked, cancelled;

/* --- a resolver ------------------------------------------------------------------------------- */

typedef GResolver TestResolver;
typedef GResolverClass TestResolverClass;
static GType test_resolver_get_type (void);
G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  cancelled++;
  g_task_return_error_if_cancelled (user_data);
}

static void
look_up (GResolver *resolver, const char *name, GResolverNameLookupFlags flags,
         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  asked++;
  if (names == SILENT)
    g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (task),
                           g_object_unref);
  else if (names == UNKNOWN || (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) != 0)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
  else
    g_task_return_pointer (task, g_list_append (NULL, g_inet_address_new_from_string ("10.99.0.2")),
                           (GDestroyNotify) g_resolver_free_addresses);
}

static GList *
look_up_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  klass->lookup_by_name_with_flags_async = look_up;
  klass->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* --- what is told ----------------------------------------------------------------------------- */

static GString *told;

static void
told_cb (gboolean online, gpointer user_data)
{
  g_string_append_c (told, online ? '1' : '0');
}

static gboolean
nothing_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, nothing_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_told (const char *expected)
{
  for (int i = 0; i < 50 && !g_str_equal (told->str, expected); i++)
    run_for (20);
  run_for (50);
  g_assert_cmpstr (told->str, ==, expected);
}

static SkNetwork *
begin (SkClock *clock, Names at_first)
{
  names = at_first;
  asked = cancelled = 0;
  g_string_truncate (told, 0);
  return sk_network_new ("smtp://mail.lan.example:587", clock, told_cb, NULL);
}

/* --- the tests -------------------------------------------------------------------------------- */

static void
test_known (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkNetwork) network = begin (clock, KNOWN);

  g_assert_nonnull (network);
  g_assert_cmpstr (told->str, ==, "0");
  assert_told ("01");
}

/* The name server comes up after the route. */
static void
test_known_later (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkNetwork) network = begin (clock, UNKNOWN);
  guint first;

  g_assert_nonnull (network);
  assert_told ("0");
  first = asked;
  g_assert_cmpuint (first, >, 0);
  sk_clock_advance (clock, 59 * G_TIME_SPAN_SECOND);
  assert_told ("0");
  g_assert_cmpuint (asked, ==, first);
  names = KNOWN;
  sk_clock_advance (clock, G_TIME_SPAN_SECOND);
  assert_told ("01");
}

static void
test_never_answered (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkNetwork) network = begin (clock, SILENT);

  g_assert_nonnull (network);
  assert_told ("0");
  g_assert_cmpuint (asked, >, 0);
  g_assert_cmpuint (cancelled, ==, 0);
  sk_clock_advance (clock, 10 * G_TIME_SPAN_SECOND);
  assert_told ("0");
  g_assert_cmpuint (cancelled, >, 0);
  names = KNOWN;
  sk_clock_advance (clock, 60 * G_TIME_SPAN_SECOND);
  assert_told ("01");
}

static void
test_freed_before_the_answer (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  SkNetwork *network = begin (clock, KNOWN);

  sk_network_free (network);
  assert_told ("0");
}

static void
test_loopback (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkNetwork) network = NULL;

  g_string_truncate (told, 0);
  network = sk_network_new ("smtp://LocalHost:25", clock, told_cb, NULL);
  assert_told ("1");
}

/* A cable that leads nowhere, and a route without a default. */
static gboolean
make_network (void)
{
  static const char *const commands[]
      = { "ip link add lan type veth peer name far", "ip addr add 10.99.0.1/24 dev lan",
          "ip link set far up", "ip link set lan up" };

  if (unshare (CLONE_NEWNET) < 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      int status = -1;

      if (!g_spawn_command_line_sync (commands[i], NULL, NULL, &status, NULL) || status != 0)
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GResolver) resolver = NULL;
  int status;

  g_setenv ("GIO_USE_NETWORK_MONITOR", "netlink", TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!make_network ())
    {
      g_print ("1..0 # SKIP no network of its own (needs root)\n");
      return 0;
    }
  resolver = g_object_new (test_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
  told = g_string_new (NULL);
  g_test_add_func ("/network/known", test_known);
  g_test_add_func ("/network/known-later", test_known_later);
  g_test_add_func ("/network/never-answered", test_never_answered);
  g_test_add_func ("/network/freed-before-the-answer", test_freed_before_the_answer);
  g_test_add_func ("/network/loopback", test_loopback);
  status = g_test_run ();
  g_string_free (told, TRUE);
  return status;
}
