/* Whether a part of a package is what its package says: a picture, a font, settings of a printer.
 *
 * A package may declare any type for a part, and name it as it likes, while programs that open the
 * package's ZIP file see what is in it. So parts without text of people are left out only when
 * their bytes say the same, and no ZIP file lies behind them. Called by the readers of packages.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

/* A picture or a font without text that we could read; not SVG. Empty: too. */
gboolean sk_part_is_shown (const SkContent *content);
/* Its first 32 bytes are hidden by a key (ECMA-376 part 4, 3.3.1 "Font Embedding"); the directory
 * of tables behind them isn't. */
gboolean sk_part_is_obfuscated_font (const SkContent *content);
/* DEVMODE of Windows, with a name of the printer and numbers. */
gboolean sk_part_is_printer_settings (const SkContent *content);
/* Records of [MS-XLSB] 2.1.4, from the first byte to the last. */
gboolean sk_part_is_records (const SkContent *content);
