// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-builtin-list.h"

#include <glib.h>
#include <string.h>

/* Domains where anybody gets a mailbox without an organisation behind it. A domain stands for its
 * subdomains too. */
static const char *const free_mail[] = {
  /* Japan */
  "yahoo.co.jp", "ymail.ne.jp", "yahoo.ne.jp", "goo.jp", "mail.goo.ne.jp", "goo.ne.jp",
  "excite.co.jp", "infoseek.jp", "infoseek.co.jp", "rakuten.jp", "livedoor.com", "livedoor.jp",
  "ld.livedoor.jp", "nifmail.jp", "nifty.ne.jp", "mail.biglobe.ne.jp", "auone.jp", "mail.ru.jp",
  "inter7.jp", "inter7.com", "fresheye.com", "csc.jp", "mbx.jp", "lycos.jp", "lycos.ne.jp",
  "hotmail.co.jp", "outlook.jp", "live.jp", "aol.jp", "jp.aol.com", "freemail.jp", "mail-box.jp",
  "kitty.jp", "sanriotown.com", "hello-net.info", "instaddr.ch", "hamham.uk", "trbvm.com",
  "sute.jp", "mail.nifty.ne.jp", "meta.ne.jp", "zaq.jp", "fumi.mail", "anonymail.jp",
  /* Google */
  "gmail.com", "googlemail.com",
  /* Microsoft */
  "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es",
  "hotmail.nl", "hotmail.be", "hotmail.se", "hotmail.no", "hotmail.dk", "hotmail.fi", "hotmail.gr",
  "hotmail.ch", "hotmail.ca", "hotmail.com.br", "hotmail.com.ar", "hotmail.com.au",
  "hotmail.com.hk", "hotmail.com.tw", "hotmail.com.tr", "hotmail.co.kr", "hotmail.co.th",
  "hotmail.co.in", "hotmail.co.nz", "hotmail.co.id", "hotmail.sg", "hotmail.my", "hotmail.ph",
  "hotmail.cl", "hotmail.cz", "hotmail.hu", "hotmail.lt", "hotmail.lv", "hotmail.rs", "outlook.com",
  "outlook.fr", "outlook.de", "outlook.it", "outlook.es", "outlook.pt", "outlook.be", "outlook.dk",
  "outlook.ie", "outlook.cz", "outlook.hu", "outlook.lv", "outlook.sk", "outlook.at", "outlook.cl",
  "outlook.in", "outlook.kr", "outlook.my", "outlook.ph", "outlook.sg", "outlook.sa",
  "outlook.com.br", "outlook.com.ar", "outlook.com.au", "outlook.com.gr", "outlook.com.tr",
  "outlook.com.vn", "outlook.co.id", "outlook.co.il", "outlook.co.nz", "outlook.co.th", "live.com",
  "live.co.uk", "live.fr", "live.de", "live.it", "live.nl", "live.be", "live.se", "live.no",
  "live.dk", "live.fi", "live.ca", "live.cn", "live.in", "live.ie", "live.at", "live.cl", "live.hk",
  "live.com.mx", "live.com.ar", "live.com.au", "live.com.my", "live.com.pt", "live.com.sg",
  "live.com.ph", "live.co.kr", "live.co.za", "msn.com", "msn.co.jp", "passport.com",
  "windowslive.com",
  /* Apple */
  "icloud.com", "me.com", "mac.com",
  /* Yahoo and AOL abroad */
  "yahoo.com", "ymail.com", "rocketmail.com", "myyahoo.com", "yahoo.co.uk", "yahoo.co.in",
  "yahoo.co.id", "yahoo.co.kr", "yahoo.co.nz", "yahoo.co.th", "yahoo.co.za", "yahoo.com.ar",
  "yahoo.com.au", "yahoo.com.br", "yahoo.com.cn", "yahoo.com.hk", "yahoo.com.mx", "yahoo.com.my",
  "yahoo.com.ph", "yahoo.com.sg", "yahoo.com.tr", "yahoo.com.tw", "yahoo.com.vn", "yahoo.at",
  "yahoo.be", "yahoo.ca", "yahoo.cl", "yahoo.cn", "yahoo.cz", "yahoo.de", "yahoo.dk", "yahoo.es",
  "yahoo.fi", "yahoo.fr", "yahoo.gr", "yahoo.hu", "yahoo.ie", "yahoo.in", "yahoo.it", "yahoo.nl",
  "yahoo.no", "yahoo.pl", "yahoo.pt", "yahoo.ro", "yahoo.se", "kimo.com", "aol.com", "aol.de",
  "aol.fr", "aol.it", "aol.es", "aol.co.uk", "aim.com", "netscape.net", "verizon.net",
  /* privacy and disposable */
  "proton.me", "protonmail.com", "protonmail.ch", "pm.me", "tutanota.com", "tutanota.de",
  "tutamail.com", "tuta.com", "tuta.io", "keemail.me", "mailfence.com", "hushmail.com", "hush.com",
  "hushmail.me", "disroot.org", "riseup.net", "mailbox.org", "posteo.de", "posteo.net", "posteo.jp",
  "startmail.com", "fastmail.com", "fastmail.fm", "fastmail.jp", "sent.com", "duck.com",
  "simplelogin.com", "guerrillamail.com", "sharklasers.com", "mailinator.com", "10minutemail.com",
  "yopmail.com", "temp-mail.org", "trashmail.com", "maildrop.cc", "getnada.com", "hey.com",
  /* the world */
  "gmx.com", "gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es",
  "web.de", "email.de", "freenet.de", "t-online.de", "mail.com", "email.com", "usa.com",
  "consultant.com", "europe.com", "asia.com", "engineer.com", "post.com", "inbox.com", "lycos.com",
  "excite.com", "zoho.com", "zohomail.com", "zohomail.jp", "zoho.jp", "zoho.eu", "zoho.in",
  "yandex.com", "yandex.ru", "ya.ru", "yandex.ua", "yandex.kz", "yandex.by", "yandex.com.tr",
  "mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "rambler.ru", "lenta.ru", "ro.ru",
  "ukr.net", "i.ua", "meta.ua", "bigmir.net", "wp.pl", "o2.pl", "onet.pl", "interia.pl",
  "seznam.cz", "email.cz", "centrum.cz", "azet.sk", "abv.bg", "mail.bg", "freemail.hu",
  "citromail.hu", "laposte.net", "orange.fr", "wanadoo.fr", "free.fr", "libero.it", "virgilio.it",
  "tiscali.it", "alice.it", "terra.com.br", "uol.com.br", "bol.com.br", "ig.com.br", "sapo.pt",
  "rediffmail.com", "rediff.com", "indiatimes.com", "qq.com", "foxmail.com", "vip.qq.com",
  "163.com", "126.com", "yeah.net", "188.com", "139.com", "189.cn", "wo.cn", "sina.com", "sina.cn",
  "vip.sina.com", "sohu.com", "tom.com", "21cn.com", "aliyun.com", "263.net", "naver.com",
  "daum.net", "hanmail.net", "kakao.com", "nate.com", "empas.com", "dreamwiz.com", "korea.com",
  "pchome.com.tw", "hinet.net", "seed.net.tw", NULL,
};

/* Mail addresses that come with a mobile contract in Japan, of today's carriers and of those they
 * took over. */
static const char *const jp_mobile_carriers[] = {
  /* NTT docomo */
  "docomo.ne.jp", "mopera.net", "mopera.ne.jp", "docomo-camera.ne.jp", "dwmail.jp",
  /* KDDI, Okinawa Cellular, UQ, BIGLOBE mobile's carrier mail */
  "ezweb.ne.jp", "au.com", "ido.ne.jp", "uqmobile.jp", "uqmobile.ne.jp", "ido.co.jp",
  "sky.tkk.ne.jp", "sky.tkc.ne.jp", "sky.tu-ka.ne.jp", "cmail.ido.ne.jp", "auone-net.jp",
  /* SoftBank, Vodafone, J-PHONE, Disney Mobile */
  "softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp", "disneymobile.ne.jp",
  "d.vodafone.ne.jp", "h.vodafone.ne.jp", "t.vodafone.ne.jp", "c.vodafone.ne.jp",
  "r.vodafone.ne.jp", "k.vodafone.ne.jp", "n.vodafone.ne.jp", "s.vodafone.ne.jp",
  "q.vodafone.ne.jp", "jp-d.ne.jp", "jp-h.ne.jp", "jp-t.ne.jp", "jp-c.ne.jp", "jp-r.ne.jp",
  "jp-k.ne.jp", "jp-n.ne.jp", "jp-s.ne.jp", "jp-q.ne.jp",
  /* Y!mobile, WILLCOM, EMOBILE */
  "ymobile.ne.jp", "ymobile1.ne.jp", "yahoo-ymobile.ne.jp", "y-mobile.ne.jp", "willcom.com",
  "pdx.ne.jp", "dx.pdx.ne.jp", "di.pdx.ne.jp", "dj.pdx.ne.jp", "dk.pdx.ne.jp", "wm.pdx.ne.jp",
  "emnet.ne.jp", "emobile.ne.jp", "emobile-s.ne.jp", "bandai.jp",
  /* Rakuten Mobile, and operators on others' networks */
  "rakumail.jp", "mineo.jp", NULL,
};

static const struct {
  const char *name;
  const char *const *domains;
} lists[] = {
  { "free-mail", free_mail },
  { "jp-mobile-carriers", jp_mobile_carriers },
};

static const char *const list_names[] = { "free-mail", "jp-mobile-carriers", NULL };

/* Second levels that registries keep for themselves, by top-level domain. */
static const struct {
  const char *top, *second;
} registry_seconds[] = {
  { "jp", "ac ad co ed go gr lg ne or" },
  { "uk", "ac co gov ltd me net nhs org plc police sch" },
  { "kr", "ac co go ne or pe re" },
  { "cn", "ac com edu gov net org" },
  { "tw", "com edu gov idv net org" },
  { "hk", "com edu gov idv net org" },
  { "sg", "com edu gov net org per" },
  { "au", "asn com edu gov id net org" },
  { "nz", "ac co govt net org school" },
  { "in", "ac co edu gov net org" },
  { "id", "ac co go or web" },
  { "th", "ac co go in or" },
  { "my", "com edu gov net org" },
  { "ph", "com edu gov net org" },
  { "vn", "com edu gov net org" },
  { "br", "com edu gov net org" },
  { "mx", "com edu gob net org" },
  { "tr", "com edu gov net org" },
  { "za", "ac co gov net org web" },
  { "il", "ac co gov net org" },
};

/* Domains of Japanese prefectures: registrations stand below them ("example.tokyo.jp"). */
static const char prefectures[]
    = " hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama"
      " chiba tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka"
      " aichi mie shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima"
      " yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki"
      " kagoshima okinawa ";

const char *const *
sk_builtin_list (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (strcmp (lists[i].name, name) == 0)
      return lists[i].domains;
  return NULL;
}

const char *const *
sk_builtin_list_names (void)
{
  return list_names;
}

static gboolean
has_word (const char *words, const char *word, gsize length)
{
  g_autofree char *wanted = g_strdup_printf (" %.*s ", (int) length, word);
  g_autofree char *all = g_strdup_printf (" %s ", words);

  return strstr (all, wanted) != NULL;
}

int
sk_domain_is_public_suffix (const char *domain)
{
  const char *dot = strchr (domain, '.');

  if (dot == NULL)
    return TRUE;
  if (strchr (dot + 1, '.') != NULL)
    return FALSE;
  if (strcmp (dot + 1, "jp") == 0 && has_word (prefectures, domain, (gsize) (dot - domain)))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (registry_seconds); i++)
    if (strcmp (dot + 1, registry_seconds[i].top) == 0)
      return has_word (registry_seconds[i].second, domain, (gsize) (dot - domain));
  return FALSE;
}
