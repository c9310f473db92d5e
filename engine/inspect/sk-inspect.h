/* Inspecting one mail: its attachments are read in the sandbox, the detectors run here over all text.
 *
 * Blocking; call it from a worker thread when documents or a slow detector are asked for. Never fails: what could not
 * be had stands in the result as unknown or not readable, with the reason. The message and what the request
 * names stay the caller's.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-box.h"
#include "sk-inspection.h"
#include "sk-message.h"

#include <gio/gio.h>

typedef struct {
  const char *const *detectors; /* names, NULL-terminated; NULL: none */
  gboolean documents;           /* look into the attachments too */
  SkBoxPool *pool;              /* NULL: no attachment can be read */
  guint seconds;                /* for all attachments together; what is left then counts as not readable */
  GCancellable *cancellable;    /* may be NULL; cancelled, it ends soon, and what it gives is worth nothing */
} SkInspectRequest;

enum { SK_INSPECT_SECONDS = 120 };

/* So much text of all attachments of a mail together is kept and searched, and so much of any text once its characters are
 * written out as detectors see them. */
#define SK_INSPECT_TEXT_BYTES (64 * 1024 * 1024)

/* `fd` is the file that the message was opened from. The message must have its texts when detectors are asked for. */
SkInspection *sk_inspect (int fd, const SkMessage *message, const SkInspectRequest *request);

/* The same for a file that is no mail, as if it were the only attachment of one: index 1. `name` may be NULL. */
SkInspection *sk_inspect_document (int fd, const char *name, const SkInspectRequest *request);

/* Finds of one detector in one text beyond this number are no longer told one by one: the new values among them are
 * one finding with a count and no value. */
#define SK_FINDINGS_MOST 10000
