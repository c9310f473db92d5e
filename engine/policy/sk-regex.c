// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-regex.h"

#include "sk-error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Of one attempt, what an expression of good will stays far below: it leaves the others their part
 * of the effort. PCRE2 counts anew from each character at which a match may begin, so this bounds no
 * text; the callouts do. */
#define MATCH_LIMIT 10000000
/* As many bytes are walked over in the time of one step. */
#define BYTES_A_STEP 16
#define MATCHES 10000
#define STACK_LEAST 32768
#define STACK_MOST (1 << 20)

struct _SkRegex {
  pcre2_code *code;
  pcre2_match_context *context;
  gboolean compares; /* with what a group took: each step may compare as much */
};

/* One count under way. */
typedef struct {
  gint64 *effort;
  gboolean compares;
  gsize last; /* where the last step was */
} Walk;

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

/* Called before each item of the expression that is tried. */
static int
step_cb (pcre2_callout_block *step, void *user_data)
{
  Walk *walk = user_data;
  gsize from = walk->compares ? step->start_match : walk->last;

  *walk->effort -= 1;
  if (step->current_position > from)
    *walk->effort -= (gint64) ((step->current_position - from) / BYTES_A_STEP);
  walk->last = step->current_position;
  return *walk->effort < 0 ? PCRE2_ERROR_CALLOUT : 0;
}

static gboolean
has_back_references (const pcre2_code *code)
{
  uint32_t most = 0;

  pcre2_pattern_info (code, PCRE2_INFO_BACKREFMAX, &most);
  return most > 0;
}

SkRegex *
sk_regex_new (const char *expression, GError **error)
{
  int code;
  gsize offset;
  pcre2_code *compiled = pcre2_compile ((PCRE2_SPTR) expression, PCRE2_ZERO_TERMINATED,
                                        PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
                                            | PCRE2_AUTO_CALLOUT,
                                        &code, &offset, NULL);
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
  self->compares = has_back_references (compiled);
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
match_next (const SkRegex *self, pcre2_match_context *context, pcre2_match_data *data,
            const char *text, gsize length, gsize *offset, gboolean *complete)
{
  int result = pcre2_match (self->code, (PCRE2_SPTR) text, length, *offset, PCRE2_NO_UTF_CHECK,
                            data, context);
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
sk_regex_count (const SkRegex *self, const char *text, gsize length, guint enough, gint64 *effort,
                gboolean *complete)
{
  pcre2_match_data *data = pcre2_match_data_create (1, NULL);
  pcre2_match_context *context = pcre2_match_context_copy (self->context);
  Walk walk = { .effort = effort, .compares = self->compares };
  guint most = MIN (enough, MATCHES), count = 0;
  gsize offset = 0;

  pcre2_set_callout (context, step_cb, &walk);
  *complete = *effort > 0;
  while (*complete && count < most && offset <= length
         && match_next (self, context, data, text, length, &offset, complete))
    count++;
  if (count == MATCHES && count < enough)
    *complete = FALSE;
  pcre2_match_context_free (context);
  pcre2_match_data_free (data);
  return count;
}
