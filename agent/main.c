// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-agent.h"

#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char *option_config;
static gboolean option_socket, option_version;

static const GOptionEntry options[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &option_config, "the settings (default: the user's own)",
    "FILE" },
  { "socket", 's', 0, G_OPTION_ARG_NONE, &option_socket,
    "no session bus: a private socket in the store directory", NULL },
  { "version", 'v', 0, G_OPTION_ARG_NONE, &option_version, "print the version", NULL },
  { NULL },
};

/* sd_notify(3) without the library: one datagram. */
static void
notify_systemd (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  if (path == NULL || strlen (path) >= sizeof address.sun_path)
    return;
  strcpy (address.sun_path, path);
  if (*path == '@')
    address.sun_path[0] = '\0';
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address,
              (socklen_t) (offsetof (struct sockaddr_un, sun_path) + strlen (path)))
      < 0)
    g_warning ("systemd was not told: %s", g_strerror (errno));
  close (fd);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
reload_cb (gpointer user_data)
{
  sk_agent_reload_settings (user_data);
  sk_agent_reload (user_data, NULL);
  return G_SOURCE_CONTINUE;
}

static int
run (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SkAgent) agent = sk_agent_new (option_config, option_socket, &error);

  if (agent == NULL)
    {
      fprintf (stderr, "sekisho-agent: %s\n", error->message);
      return 2;
    }
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGHUP, reload_cb, agent);
  printf ("sekisho-agent: ready on 127.0.0.1:%u\n", sk_agent_port (agent));
  fflush (stdout);
  notify_systemd ("READY=1");
  g_main_loop_run (loop);
  notify_systemd ("STOPPING=1");
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- the mail checkpoint of one user");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);
  /* Few threads allocate here; an arena for each would only keep memory. */
  mallopt (M_ARENA_MAX, 2);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1)
    {
      fprintf (stderr, "sekisho-agent: %s (see --help)\n",
               error != NULL ? error->message : "it takes no arguments but options");
      return 2;
    }
  if (option_version)
    {
      puts ("sekisho-agent " SK_VERSION);
      return 0;
    }
  return run ();
}
