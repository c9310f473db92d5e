/* The mail file as GMime's parser sees it: without the outline's gaps, without NULs (which would cut
 * GMime's strings), and ended early once the parser makes more parts than allowed. Only for this room.
 *
 * Contents are not read through it: its offsets are mapped back to those of the file. It must not
 * outlive the source and the outline.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-mail-outline.h"

#include <gmime/gmime.h>

typedef struct _SkMailStream SkMailStream;

/* Nothing at or behind `end`, an offset of the file, is shown. */
SkMailStream *sk_mail_stream_new (SkMailSource *source, const SkMailOutline *outline, gint64 end,
                                  guint leaf_limit);
/* From now on the stream is at its end. */
void sk_mail_stream_stop (SkMailStream *self);
/* Whether it was ended because of too many parts, or by stop(). */
gboolean sk_mail_stream_is_stopped (SkMailStream *self);

gint64 sk_mail_stream_length (SkMailStream *self);
/* Where the gap is, as an offset of the stream. */
gint64 sk_mail_stream_gap (SkMailStream *self, guint gap);
/* Offsets of the file. At a gap, what starts there starts before it and what ends there ends behind it. */
gint64 sk_mail_stream_file_start (SkMailStream *self, gint64 offset);
gint64 sk_mail_stream_file_end (SkMailStream *self, gint64 offset);
