/* Deflated data behind zlib's header, unpacked within the sink's limits. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-sink.h"

/* What could be unpacked, up to where it is damaged. NULL: nothing, or more than may be; the sink has noted it. */
GBytes *sk_inflate (SkSink *sink, SkBytes packed);
