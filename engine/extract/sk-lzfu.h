/* RTF as Outlook keeps it in mails: [MS-OXRTFCP]. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* What could be unpacked; not more than its header says and what `most` allows. NULL: it is none. */
GBytes *sk_lzfu_unpack (SkBytes packed, gsize most);
