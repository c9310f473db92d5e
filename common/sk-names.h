/* Names that several programs must agree on. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#define SK_BUS_NAME "org.sekisho.Agent1"
#define SK_OBJECT_PATH "/org/sekisho/Agent1"
#define SK_SYSTEM_SETTINGS "/etc/sekisho/agent.conf"
#define SK_DEFAULT_PORT 1587
