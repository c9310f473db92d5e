/* The reader of SMTP replies: however a stream is cut into pieces, the same replies must come out,
 * each within its limits. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-reply-reader.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_reply (const SkReply *reply)
{
  g_assert_true (reply->code >= 200 && reply->code <= 599);
  g_assert_true (g_utf8_validate (reply->text, -1, NULL));
  g_assert_true (reply->enhanced == NULL || (guint)(reply->enhanced[0] - '0') == reply->code / 100);
  for (const char *at = reply->text; *at != '\0'; at++)
    g_assert_true (!g_ascii_iscntrl (*at) || *at == '\n' || *at == '\t');
}

/* All replies of the stream as one text; `piece` octets at a time. */
static char *
read_all (const char *data, gsize size, gsize piece)
{
  g_autoptr (SkReplyReader) reader = sk_reply_reader_new ();
  GString *all = g_string_new (NULL);

  for (gsize from = 0; from < size; from += piece)
    {
      const char *at = data + from;
      gsize length = MIN (piece, size - from);

      while (length > 0)
        {
          g_autoptr (SkReply) reply = NULL;
          g_autofree char *text = NULL;
          SkReplyStatus status = sk_reply_reader_take (reader, &at, &length, &reply);

          if (status == SK_REPLY_MALFORMED)
            {
              g_autofree char *excerpt = sk_reply_reader_excerpt (reader);

              g_assert_true (g_utf8_validate (excerpt, -1, NULL));
              g_string_append (all, "malformed");
              return g_string_free (all, FALSE);
            }
          if (status == SK_REPLY_INCOMPLETE)
            continue;
          check_reply (reply);
          text = sk_reply_to_wire (reply);
          g_string_append (all, text);
        }
    }
  return g_string_free (all, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = NULL, *cut = NULL;

  if (size < 1)
    return 0;
  whole = read_all ((const char *)data + 1, size - 1, MAX (size, 1));
  cut = read_all ((const char *)data + 1, size - 1, 1 + data[0] % 7);
  g_assert_cmpstr (whole, ==, cut);
  return 0;
}
