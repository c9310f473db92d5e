/* Files in documents as Windows' packager keeps them ("Ole10Native", and OLE 1.0 objects in RTF):
 * [MS-OLEDS] 2.2 and 2.3. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-sink.h"

/* The stream "\1Ole10Native". FALSE: a limit was met. */
gboolean sk_ole_package_read_native (SkBytes stream, SkSink *sink);
/* An object as it stands in RTF, with its class. */
gboolean sk_ole_package_read_object (SkBytes object, SkSink *sink);
/* An object as it is. `name` may be NULL; without it an empty one is none. */
gboolean sk_ole_package_give (SkBytes data, const char *name, SkSink *sink);
