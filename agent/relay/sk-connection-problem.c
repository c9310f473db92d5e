// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-connection-problem.h"

static const struct {
  CURLcode code;
  const char *cause;
  const char *remedy;
  gboolean unreachable;
} causes[] = {
  { CURLE_COULDNT_RESOLVE_HOST, "its name could not be found",
    "is the network up, and the name in [upstream] url right?", TRUE },
  { CURLE_COULDNT_CONNECT, "it could not be connected to",
    "is the network up, and the port in [upstream] url right?", TRUE },
  { CURLE_OPERATION_TIMEDOUT, "it did not answer in time",
    "is the network up, and the address in [upstream] url right?", TRUE },
  { CURLE_USE_SSL_FAILED, "it offers no encryption (STARTTLS), and without that nothing is sent",
    "ask its operator; smtps:// may be what it wants", FALSE },
  { CURLE_PEER_FAILED_VERIFICATION, "its certificate can't be trusted",
    "is the name in [upstream] url the one in the certificate? For a server of your own, name its "
    "CA "
    "in [upstream] ca-file",
    FALSE },
  { CURLE_SSL_CACERT_BADFILE, "the file of trusted certificates can't be read",
    "see [upstream] ca-file", FALSE },
  { CURLE_SSL_CONNECT_ERROR, "the encrypted connection could not be made",
    "does the port want STARTTLS (smtp://) or TLS from the start (smtps://)?", FALSE },
  { CURLE_LOGIN_DENIED, "it refused to sign in the user",
    "check [upstream] user and the password; some providers want an app password, or SMTP AUTH "
    "switched on for the "
    "mailbox by the administrator",
    FALSE },
  { CURLE_REMOTE_ACCESS_DENIED, "it refused the connection", "ask its operator", FALSE },
  { CURLE_WEIRD_SERVER_REPLY, "it did not answer like a mail server",
    "is this the right port, and nothing in between?", FALSE },
  { CURLE_RECV_ERROR, "the connection was lost while it was made", "trying again may help", FALSE },
  { CURLE_SEND_ERROR, "the connection was lost while it was made", "trying again may help", FALSE },
  { CURLE_GOT_NOTHING, "it closed the connection at once", "trying again may help", FALSE },
};

static gboolean
is_no (const SkReply *reply)
{
  return reply != NULL && (sk_reply_is_temporary (reply) || sk_reply_is_permanent (reply));
}

static void
take_reply (const SkReply *last_reply, SkConnectionFailure *failure)
{
  if (is_no (last_reply))
    failure->reply = sk_reply_copy (last_reply);
}

static char *
describe (const SkUpstream *upstream, const char *cause, const char *text, const SkReply *reply,
          const char *remedy)
{
  g_autoptr (GString) problem = g_string_new (NULL);
  g_autofree char *said = is_no (reply) ? sk_reply_to_string (reply) : NULL;

  g_string_printf (problem, "%s port %s: %s", upstream->host, upstream->port, cause);
  if (said != NULL)
    g_string_append_printf (problem, ": it said \"%s\"", said);
  else if (text != NULL && text[0] != '\0')
    g_string_append_printf (problem, ": %s", text);
  g_string_append_printf (problem, " (%s)", remedy);
  return g_string_free (g_steal_pointer (&problem), FALSE);
}

/* libcurl finds no common mechanism, or none at all, under the same code as a refusal. */
static gboolean
lacks_mechanism (CURLcode code, const SkReply *last_reply)
{
  return code == CURLE_LOGIN_DENIED && !is_no (last_reply);
}

void
sk_connection_problem_curl (const SkUpstream *upstream, CURLcode code, const char *text,
                            const SkReply *last_reply, SkConnectionFailure *failure)
{
  take_reply (last_reply, failure);
  if (lacks_mechanism (code, last_reply))
    {
      failure->problem
          = describe (upstream, "it offers no way of signing in that is spoken here", "", NULL,
                      "PLAIN or LOGIN is needed; if the server wants no sign-in, "
                      "write auth=none in [upstream]");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (causes[i].code == code)
      {
        failure->unreachable = causes[i].unreachable && last_reply == NULL;
        failure->problem = describe (upstream, causes[i].cause, text, last_reply, causes[i].remedy);
        return;
      }
  failure->problem = describe (upstream, "the connection failed", curl_easy_strerror (code),
                               last_reply, "see [upstream] in the settings");
}

void
sk_connection_problem_timeout (const SkUpstream *upstream, const SkReply *last_reply,
                               SkConnectionFailure *failure)
{
  sk_connection_problem_curl (upstream, CURLE_OPERATION_TIMEDOUT, "", last_reply, failure);
}
