/* HTML as its reader sees it: text without tags, linear in time. Only for this room.
 *
 * Block elements and <br> break lines, cells are parted by tabs, inline tags join; script, style,
 * title and comments are left out. Rows of two cells and more are one line each, whatever blocks are
 * in their cells, but for cells of many lines or with tables in them. Runs of white space are one blank, but for <pre>.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Turns the NUL-terminated HTML into its text, in place, and returns the text's length. `shown`: content
 * ids that the text shows ("cid:" in anything but a link) are added, without the "cid:",
 * percent-decoded; may be NULL. */
gsize sk_html_to_text (char *html, gsize length, GHashTable *shown);
