// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-regex.h"

#include "sk-error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What an expression of good will stays far below; a malicious text ends there in some 100 ms. */
#define MATCH_LIMIT 1000000
#define MATCHES 10000
#define STACK_LEAST 32768
#define STACK_MOST (1 << 20)

struct _SkRegex {
  pcre2_code *code;
  pcre2_match_context *context;
};

static void
free_stack (gpointer stack)
{
  pcre2_jit_stack_free (stack);
}

static GPrivate thread_stack = G_PRIVATE_INIT (free_stack);

/* Compiled code takes its stack from here, one a thread: PCRE2's own 32 KiB are too small for
 * alternatives repeated over a page of text. */
static pcre2_jit_stack *
stack_cb (gpointer user_data)
{
  pcre2_jit_stack *stack = g_private_get (&thread_stack);

  if (stack == NULL)
    {
      stack = pcre2_jit_stack_create (STACK_LEAST, STACK_MOST, NULL);
      g_private_set (&thread_stack, stack);
    }
  return stack;
}

SkRegex *
sk_regex_new (const char *expression, GError **error)
{
  int code;
  gsize offset;
  pcre2_code *compiled = pcre2_compile ((PCRE2_SPTR) expression, PCRE2_ZERO_TERMINATED,
                                        PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code,
                                        &offset, NULL);
  SkRegex *self;

  if (compiled == NULL)
    {
      PCRE2_UCHAR message[256];

      pcre2_get_error_message (code, message, sizeof message);
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "'%s' is no regular expression: %s (at character %" G_GSIZE_FORMAT ")",
                   expression, (const char *) message, offset + 1);
      return NULL;
    }
  self = g_new0 (SkRegex, 1);
  self->code = compiled;
  pcre2_jit_compile (self->code, PCRE2_JIT_COMPLETE);
  self->context = pcre2_match_context_create (NULL);
  pcre2_set_match_limit (self->context, MATCH_LIMIT);
  pcre2_set_heap_limit (self->context, 20000);
  pcre2_jit_stack_assign (self->context, stack_cb, NULL);
  return self;
}

void
sk_regex_free (SkRegex *self)
{
  if (self == NULL)
    return;
  pcre2_code_free (self->code);
  pcre2_match_context_free (self->context);
  g_free (self);
}

/* The end of the match at `offset` or behind, in *offset; an empty match goes on one character. */
static gboolean
match_next (const SkRegex *self, pcre2_match_data *data, const char *text, gsize length,
            gsize *offset, gboolean *complete)
{
  int result = pcre2_match (self->code, (PCRE2_SPTR) text, length, *offset, PCRE2_NO_UTF_CHECK,
                            data, self->context);
  const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer (data);

  if (result < 0)
    {
      if (result != PCRE2_ERROR_NOMATCH)
        *complete = FALSE;
      return FALSE;
    }
  /* \K can end a match before where it began looking. */
  if (bounds[1] > *offset && bounds[1] > bounds[0])
    *offset = bounds[1];
  else
    {
      gsize from = MAX (bounds[1], *offset);

      *offset = from < length ? (gsize) (g_utf8_next_char (text + from) - text) : length + 1;
    }
  return TRUE;
}

guint
sk_regex_count (const SkRegex *self, const char *text, gsize length, gboolean *complete)
{
  pcre2_match_data *data = pcre2_match_data_create (1, NULL);
  gsize offset = 0;
  guint count = 0;

  *complete = TRUE;
  while (count < MATCHES && offset <= length
         && match_next (self, data, text, length, &offset, complete))
    count++;
  if (count == MATCHES)
    *complete = FALSE;
  pcre2_match_data_free (data);
  return count;
}
