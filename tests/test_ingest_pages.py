"""Precision and recall of the HTML room on invented pages: every kind of furniture holds a wrong number.

In a page below ``⟦...⟧`` marks what must be kept, verbatim, and ``⟪...⟫`` what must not get in.
"""

# ruff: noqa: E501 - pages and tables of cases have long lines

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from qa.ingest import parse

CLASSIC = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Harbour of Lowmere to be dredged for 12 million marks | Lowmere Gazette</title>
<script>var n = "⟪Script says 999 ships.⟫";</script></head><body class="has-sidebar related-on">
<div class="cookie-wall"><p>⟪We and our 804 partners store cookies.⟫</p><button>⟪Accept all 804⟫</button></div>
<header class="site-header"><div>⟪Lowmere Gazette, 21 degrees and sunny⟫</div></header>
<nav><ul><li>⟪Home 1⟫</li><li>⟪Sport 2⟫</li></ul></nav>
<article><h1>⟦Harbour of Lowmere to be dredged for 12 million marks⟧</h1>
<p class="standfirst">⟦Fishermen fear for the oyster beds; work starts in May⟧</p>
<p class="byline">⟦By Sabine Orrell⟧, <time datetime="2024-02-03">⟦3 February 2024⟧</time></p>
<p>⟦The harbour of Lowmere will be dredged to a depth of 9 metres, the port authority said on Friday.⟧</p>
<p>⟦Work begins in May.⟧</p><p>⟦“It is about time,” said the harbour master, Ike Dunmore.⟧</p>
<h2>⟦A grey heap⟧</h2><p>⟦Some 640,000 tonnes of mud will be taken out to sea.⟧ ⟦The heap will be 4 metres high.⟧</p>
<div class="share-buttons"><a href="/x">⟪Share 48⟫</a></div>
<ul><li>⟦Depth: 9 metres⟧</li><li>⟦Length: 2.1 kilometres⟧</li><li>⟦Cost: 12 million marks⟧</li></ul>
<p>⟦The oysters stay.⟧</p></article>
<aside><h4>⟪Related⟫</h4><ul><li>⟪Port of Sele dredged for 77 million⟫</li></ul></aside>
<section class="comments"><p>⟪It will cost 90 million, you will see, it always does in this town.⟫</p></section>
<footer>⟪Lowmere Gazette, 3 Quay Street. © 2024.⟫</footer></body></html>"""

DIVS_ONLY = """<html><head><title>Night train to Sorrel runs again - Varn Courier</title></head><body>
<div id="top"><div class="menu">⟪News 11 Sport 12⟫</div></div><div id="page"><div id="left">
<div class="headline"><h1>⟦Night train to Sorrel runs again⟧</h1></div>
<div class="lead">⟦Six sleeping cars were found in a shed⟧</div><div class="text">
⟦The night train between Varn and Sorrel left on Thursday for the first time since 2011.⟧<br><br>
⟦It was full.⟧<br><br>⟦The 214 passengers were given a pillow and a pear.⟧ ⟦Nobody slept.⟧<br><br>
⟦A ticket costs 38 marks, <b>half</b> of the fare by air.⟧<br><br>
⟦The line has 41 tunnels, and the driver, Pola Haas, knows them by heart.⟧</div></div>
<div id="right"><div class="most-read"><b>⟪Most read⟫</b><div>⟪Bus to Sorrel costs 99 marks⟫</div></div>
<div class="newsletter">⟪Get 5 stories a day.⟫</div></div></div>
<div id="footer">⟪Imprint 2024 Varn Courier⟫</div></body></html>"""

BODY_MARKED = """<html><head><meta property="og:title" content="Owls move into the town hall of Brill">
<meta property="og:site_name" content="Brill Echo"></head><body><main><header>
<h1>⟦Owls move into the town hall of Brill⟧</h1><p>⟦Council meets in the gymnasium until the eggs hatch⟧</p></header>
<div class="tools"><span class="social">⟪312 shares⟫</span></div><div itemprop="articleBody">
<p>⟦Two barn owls have nested above the chair of the mayor of Brill.⟧</p>
<div class="ad-slot"><p>⟪Advertisement: win 5,000 marks today with our partner.⟫</p></div>
<p>⟦There are four eggs.⟧</p><figure><img src="o.jpg"><figcaption>⟦The female on Monday. Ute Sand / BPA⟧</figcaption></figure>
<blockquote><p>⟦“They vote with a blink,” said the mayor, Odile Crome.⟧</p></blockquote>
<aside class="pullout-related">⟪Also read: 70 bats in the library⟫</aside><p>⟦The hall was built in 1888.⟧</p>
<h3>⟦Patience⟧</h3><p>⟦The next session, on 4 June, is to be held in the gymnasium, under the ropes.⟧</p></div>
<div class="article-tags">⟪Tags: owls 55⟫</div></main>
<div class="recommended"><article><h3>⟪Ten towers worth 10 visits⟫</h3><p>⟪We climbed all of them and counted 4,410 steps for you.⟫</p></article></div>
</body></html>"""

MANY_COMMENTS = (
    """<html><body><div class="wrap"><div class="post"><h1>⟦Pond of Elmet drained by mistake⟧</h1>
<p>⟦A valve was left open.⟧</p><p>⟦The pond of Elmet, which held 300 carp, was empty on Tuesday.⟧</p>
<p>⟦The carp are in the swimming pool.⟧</p></div><div id="comments-list"><h3>⟪5 comments⟫</h3>"""
    + "".join(
        f"<div class='c'><p>⟪My uncle says that there were {n} carp in the pond and that nobody ever counted them properly.⟫</p></div>"
        for n in (900, 901, 902, 903, 904)
    )
    + "</div></div></body></html>"
)

TABLES = """<html><head><title>Rainfall in Pell broke a record in June</title></head><body><nav>⟪Weather 19 degrees⟫</nav>
<article><h1>⟦Rainfall in Pell broke a record in June⟧</h1><p>⟦More rain fell in Pell in June than in any June since 1871.⟧</p>
<table><caption>⟦Rain in June, in millimetres⟧</caption><thead><tr><th>⟦Year⟧</th><th>⟦Rain⟧</th></tr></thead>
<tbody><tr><td>⟦2022⟧</td><td><p>⟦41.5⟧</p></td></tr><tr><td>⟦2023⟧</td><td>⟦212.7⟧</td></tr></tbody></table>
<p>⟦The gauge overflowed twice.⟧</p><dl><dt>⟦Wettest hour⟧</dt><dd>⟦31 millimetres on June 9⟧</dd></dl>
<ol><li>⟦Empty the gauge.⟧<ul><li>⟦Wipe it dry.⟧</li></ul></li><li>⟦Write down the figure.⟧</li></ol>
<p>⟦Rita Moll, who reads it, has asked for a bigger one.⟧</p>
<h4>⟪Read more⟫</h4><ul><li><a href="/a">⟪Drought of 1976 lasted 76 days⟫</a></li></ul></article>
<footer><p>⟪Call 555 0199 to advertise in the Pell Post.⟫</p></footer></body></html>"""

HIDDEN = """<html><body><main role="main"><h1>⟦Clockmaker of Tarn stops the town clock⟧</h1>
<div style="display:none"><p>⟪Subscribers see 44 more paragraphs.⟫</p></div><p hidden>⟪Draft: 17 clocks stopped.⟫</p>
<p aria-hidden="true">⟪Invisible 18 words.⟫</p><span class="visually-hidden">⟪Skip 19 links⟫</span>
<noscript>⟪Please enable JavaScript, error 20.⟫</noscript><template><p>⟪Template 21 text.⟫</p></template>
<p>⟦The town clock of Tarn has been stopped for cleaning at 10:10.⟧</p><p>⟦It had been eleven minutes fast since 1990.⟧</p>
<p>⟦People had got used to it, said the clockmaker, <a href="/vera">Vera Lund</a>, 66.⟧</p>
<p>⟦Trains were missed only by strangers.⟧</p>
<dialog open><p>⟪You have read 2 of 3 free articles.⟫</p></dialog>
<form><label>⟪Vote: 80 percent say yes⟫</label><select><option>⟪Option 81⟫</option></select></form></main></body></html>"""

SPLIT = """<html><head><title>Ferry to Hest finds its bell | The Islander</title></head><body><div class="layout">
<h1 class="logo">⟪The Islander no. 1,204⟫</h1><div class="grid"><div class="col">
<h2 class="title">⟦Ferry to Hest finds its bell⟧</h2><div class="chunk"><p>⟦Divers have brought up the bell of the first ferry to Hest, which sank in 1913.⟧</p>
<p>⟦It weighs 61 kilos.⟧</p></div><div class="promo-box">⟪Cruise the isles from 499 marks⟫</div><div class="chunk">
<p>⟦A crab lived in it.⟧</p><p>⟦The bell will hang in the school of Hest, where 14 children want to ring it.⟧</p></div>
<div class="chunk"><p>⟦The crab was put back.⟧</p></div></div></div><div class="sidebar-right"><p>⟪Tide today 3.3 metres.⟫</p></div>
</div></body></html>"""

UNMARKED = """<html><body><article><h1>⟦School of Wend cooks with the sun⟧</h1>
<p>⟦Forty mirrors on the roof of the school of Wend heat its kitchen.⟧</p><p>⟦Lunch costs 2.20 marks.⟧</p>
<p><a href="/1">⟪School of Orm buys 600 tablets⟫</a></p><p>⟦On cloudy days there is soup from a flask.⟧</p>
<div><h3>⟪You may also like⟫</h3><p>⟪Ten recipes with 3 eggs.⟫</p></div>
<p>⟪Read more: How 70 schools lost their kitchens⟫</p><h2>⟦The cook⟧</h2>
<p>⟦Piet Amann, the cook, wears sunglasses.⟧</p><p>⟦<a href="/report.pdf">The council's report of 9 May counts 31 such schools.</a>⟧</p>
<p><strong>⟪Related:⟫</strong></p><ul><li><a href="/2">⟪Mirrors blind 9 pilots⟫</a></li></ul>
<p>⟪Sign up for our newsletter and get 7 tips a week.⟫</p><p>⟪© 2024 Wend Mail. All rights reserved.⟫</p></article></body></html>"""

CARDS = """<html><body><section class="cards"><article class="card"><h2>⟪Mayor of Ulm eats 40 eggs⟫</h2><p>⟪He did it in 41 minutes.⟫</p></article>
<article class="card"><h2>⟪Rain in 42 towns⟫</h2><p>⟪It will stop on the 43rd day.⟫</p></article></section>
<article class="story comment"><header><h1>⟦Why I count swifts⟧</h1><p class="dek">⟦A summer on a roof in Marl⟧</p></header>
<div class="body"><p>⟦Every evening in June I sit on the roof and count swifts.⟧</p><p>⟦Last year there were 94.⟧</p>
<p>⟦My neighbour counts them too, and gets 97.⟧</p><p>⟦We do not speak of it.⟧</p></div>
<div class="author-bio"><p>⟪Hanne Brook has written 8 books on birds and lives in Marl.⟫</p></div></article>
<a class="teaser-link" href="/n"><h3>⟪Next: 12 ways to whistle⟫</h3><p>⟪Number 7 will surprise your dog.⟫</p></a></body></html>"""

FORM_WRAPPED = """<html><body><form id="aspnetForm"><div class="nav-bar"><a href="/">⟪Home 70⟫</a></div>
<div class="content"><h1>⟦Lamp posts of Ister turn green⟧</h1><div class="subtitle">⟦Moss likes the new paint⟧</div>
<p>⟦Moss has covered 1,120 of the lamp posts of Ister.⟧</p><p>⟦The paint contains sugar.⟧</p>
<p>⟦“We wanted to save 3,000 marks,” said the engineer, Tove Rask.⟧</p><p>⟦Goats have been borrowed.⟧</p></div>
<div class="rail"><p>⟪Exchange rate: 1.17 marks.⟫</p></div><input value="1"><button>⟪Log in 71⟫</button></form></body></html>"""

OLD_TABLE_PAGE = """<html><body bgcolor=white><table width=100%><tr><td class="menu" width=20%><a href="a">⟪Front page 30⟫</a><br>
<a href="b">⟪Page 31⟫</a></td><td><h1>⟦Stone bridge of Quill is 700 years old⟧</h1>
<p>⟦The stone bridge of Quill was finished in 1324.⟧<p>⟦It has five arches.⟧<p>⟦A monk fell off it and lived.⟧
<ul><li>⟦Length: 88 metres⟧<li>⟦Stones: 9,400⟧</ul><p>⟦There will be cake on Sunday.⟧</td></tr></table>
<div class="footer">⟪Webmaster since 1998⟫</div></body></html>"""

SCRIPT_WORDS = """<html><head><title>Gazette</title><script type="application/ld+json">{"@type": "NewsArticle", broken}</script>
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Geese guard the mint of Osk",
"datePublished":"2023-10-05T08:00:00Z","author":[{"name":"Lea Friis"},{"name":"Per Holt"}],"publisher":{"name":"Osk Times"}}]}</script></head>
<body><div role="banner">⟪Osk Times 8 pages⟫</div><div class="article-content"><h1>⟦Geese guard the mint of Osk⟧</h1>
<section><p>⟦The mint of Osk has hired 12 geese.⟧</p><p>⟦They cost less than dogs.⟧</p></section>
<section class="fact-box"><h3>⟦In figures⟧</h3><ul><li>⟦Geese: 12⟧</li><li>⟦Coins a day: 400,000⟧</li></ul></section>
<section><p>⟦A burglar was bitten on Monday.⟧</p><p>⟦He has asked for asylum in the bank.⟧</p></section>
<div role="complementary"><p>⟪Gold price today: 1,999 marks.⟫</p></div>
<div class="relatedStories"><p>⟪Dogs guard 13 mints.⟫</p></div></div></body></html>"""

TAILWIND = """<html><head><title>Canal of Odd freezes for first time since 1997</title></head><body class="antialiased">
<div class="sticky top-0 z-50 flex"><a href="/">⟪Odd Daily⟫</a><ul class="hidden md:flex"><li><a href="/s">⟪Snow 14⟫</a></li></ul></div>
<div class="max-w-prose mx-auto overflow-hidden"><span class="text-xs uppercase">⟪Weather desk 15⟫</span>
<h1 class="text-4xl font-bold">⟦Canal of Odd freezes for first time since 1997⟧</h1><p class="text-xl text-gray-600">⟦Skates sell out in an hour⟧</p>
<div class="prose"><p>⟦The canal of Odd has frozen over its whole length of 17 kilometres.⟧</p><div class="overflow-hidden rounded"><p>⟦The ice is 9 centimetres thick.⟧</p></div>
<p>⟦Skating is allowed from Saturday, the mayor said.⟧</p><div class="not-prose border p-4"><p class="font-bold">⟪More stories⟫</p><a href="/a" class="block">⟪Lake of Even freezes 40 times⟫</a></div>
<p>⟦Soup will be free.⟧</p></div></div><div class="bg-gray-900 text-white"><a href="/i">⟪Imprint 18⟫</a> <a href="/c">⟪Contact 19⟫</a></div></body></html>"""

DRUPAL = """<html><head><meta property="og:site_name" content="Sedge Herald"></head><body><div class="region region-header"><div class="site-branding"><a href="/">⟪Sedge Herald est. 1850⟫</a></div></div>
<div class="block block-page-title-block"><h1 class="page-header"><span>⟦Museum of nails opens in Sedge⟧</span></h1></div>
<div class="node node--type-article"><div class="field field--name-field-teaser field--label-hidden"><p>⟦It has 30,000 nails and one hammer⟧</p></div>
<div class="field field--name-body field--type-text-with-summary field--label-hidden"><p>⟦A museum of nails has opened in Sedge, in the old forge.⟧</p><p>⟦The oldest nail is Roman.⟧</p><p>⟦Entry costs 4 marks, or one nail.⟧</p></div>
<div class="field field--name-field-tags"><a href="/t">⟪nails 61⟫</a></div></div>
<section class="field--name-comment comment-wrapper"><h2>⟪Add new comment⟫</h2><p>⟪I have 31,000 nails at home and nobody has ever asked me about them, not even my wife.⟫</p></section></body></html>"""

ELEMENTOR = """<html><body class="elementor-page"><div data-elementor-type="header" class="elementor-location-header"><div class="elementor-widget elementor-widget-nav-menu"><a href="/">⟪Start 51⟫</a></div></div>
<div class="elementor-section"><div class="elementor-widget elementor-widget-heading"><h1>⟦Beekeepers of Holm count their losses⟧</h1></div>
<div class="elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container"><p>⟦The beekeepers of Holm have lost 412 hives to the cold.⟧</p><p>⟦Honey will cost 9 marks a jar.⟧</p></div></div>
<div class="elementor-widget elementor-widget-share-buttons"><a href="/f">⟪Facebook 52⟫</a></div>
<div class="elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container"><p>⟦New queens arrive in April, by post.⟧</p></div></div></div>
<div class="elementor-location-footer"><div class="elementor-widget"><p>⟪Copyright 2024 Holm Online⟫</p></div></div></body></html>"""

WORDPRESS = """<html><body class="post-template-default single single-post has-sidebar"><header id="masthead" class="site-header"><p class="site-title"><a href="/">⟪Reed Blog 7⟫</a></p></header>
<div id="primary" class="content-area"><main><article class="post hentry category-social tag-trending"><header class="entry-header"><h1 class="entry-title">⟦Reed gets its first lift⟧</h1>
<div class="entry-meta"><span class="posted-on"><time datetime="2022-01-09T10:00:00+00:00">⟦January 9, 2022⟧</time></span> <span class="byline">⟦by Otto Wren⟧</span></div></header>
<div class="entry-content"><p>⟦The first lift of Reed goes up two floors.⟧</p><p class="has-drop-cap">⟦It takes 40 seconds, and eight people can ride in it.⟧</p>
<div class="wp-block-group sharedaddy sd-sharing-enabled"><h3 class="sd-title">⟪Share this:⟫</h3><ul><li><a href="/x">⟪Click to share on X (Opens in 1 window)⟫</a></li></ul></div>
<figure class="wp-block-table"><table><tr><td>⟦Floors⟧</td><td>⟦2⟧</td></tr></table></figure><p>⟦A band played on both floors.⟧</p></div>
<footer class="entry-footer">⟪Posted in Reed, 3 comments⟫</footer></article><nav class="post-navigation"><a href="/p">⟪Previous: 5 stairs of Reed⟫</a></nav>
<div id="comments" class="comments-area"><ol class="comment-list"><li><p>⟪I counted 55 seconds.⟫</p></li></ol></div></main></div>
<div id="secondary" class="widget-area"><section class="widget"><h2>⟪Recent posts⟫</h2><ul><li><a href="/q">⟪Ten ramps of Reed⟫</a></li></ul></section></div></body></html>"""

HASHED = """<html><head><meta property="og:title" content="Baker of Fenn bakes a loaf as long as his street"><meta property="og:site_name" content="Fenn Post"></head><body><div id="__next"><div class="css-1a2b"><div class="css-9z"><a href="/">⟪Fenn Post 88⟫</a><a href="/w">⟪World⟫</a><a href="/k">⟪Kitchen 89⟫</a></div>
<div class="css-77x"><h1 class="css-h1">⟦Baker of Fenn bakes a loaf as long as his street⟧</h1><div class="css-3"><span>⟦Jude Arkle⟧</span> · <time datetime="2021-11-30">⟦30 Nov 2021⟧</time></div>
<div class="css-55"><div class="css-p">⟦The loaf is 61 metres long and was eaten by noon.⟧</div><div class="css-p">⟦It took 90 kilos of flour.⟧</div><div class="css-p">⟦“My oven has two doors,” said the baker, Ilse Root.⟧</div></div>
<div class="css-88"><div class="css-t">⟪Most read⟫</div><div><a href="/1">⟪Butcher of Fenn sells 70 sausages⟫</a></div><div><a href="/2">⟪Fenn in 12 pictures⟫</a></div></div></div>
<div class="css-ft"><span>⟪© 2021 Fenn Post Media⟫</span><a href="/imp">⟪Imprint 90⟫</a></div></div></div></body></html>"""

AMP = """<html amp><head><title>Goat elected captain in Nim</title></head><body><amp-sidebar id="s"><ul><li>⟪Top 5⟫</li></ul></amp-sidebar><amp-consent><div>⟪We use 6 cookies⟫</div></amp-consent>
<header class="amp-header"><a href="/">⟪Nim News 7⟫</a></header><article><h1>⟦Goat elected captain in Nim⟧</h1><p class="summary">⟦Team hopes for better defence⟧</p><amp-ad width="300"><div>⟪Ad 8⟫</div></amp-ad>
<div class="article-text"><p>⟦The football club of Nim has made a goat its captain.⟧</p><p>⟦It won by 11 votes to 3.⟧</p><div class="inline-newsletter"><p>⟪Every Friday: 9 goals by mail.⟫</p></div>
<p>⟦The first match is on 12 May.⟧</p><div class="pull-quote"><p>⟦She never argues with the referee⟧</p></div><p>⟦Her name is Dolly.⟧</p></div></article>
<amp-social-share type="x">⟪10⟫</amp-social-share></body></html>"""

WIKI_PAGE = """<html><head><title>Lake Orrin - Wikiworld</title></head><body><div id="mw-page-base"></div><div id="content" class="mw-body"><h1 id="firstHeading">⟦Lake Orrin⟧</h1><div id="jump-to-nav"><a href="#a">⟪Jump to search 1⟫</a></div>
<div class="mw-parser-output"><table class="infobox"><tr><th>⟦Area⟧</th><td>⟦31 km2⟧</td></tr></table><p>⟦Lake Orrin is a lake in the north of Cantreva.⟧<sup><a href="#cite">[1]</a></sup> ⟦It is 88 metres deep.⟧</p><h2><span>⟦History⟧</span></h2><p>⟦It was first <a href="/w">mapped</a> in 1790 by <a href="/x">Ole Brandt</a>.⟧</p><ul><li>⟦<a href="/f">Perch</a>, 12 species of them⟧</li></ul></div></div><div id="mw-navigation"><a href="/r">⟪Random page 2⟫</a></div><div id="footer">⟪This page was last edited on 3 May 2021⟫</div></body></html>"""

LIVE_PAGE = """<html><head><title>Storm Agda: latest updates | Cantreva Live</title></head><body><div class="l-header"><a href="/">⟪Cantreva Live 24⟫</a></div><main class="l-main"><h1 class="headline">⟦Storm Agda: bridges closed in the north⟧</h1><div class="liveblog"><article class="liveblog-post"><h2>⟦Bridge at Thornley closed⟧</h2><time>⟦14:05⟧</time><p>⟦The bridge at Thornley has been closed to lorries.⟧</p></article><article class="liveblog-post"><h2>⟦Trains stop⟧</h2><p>⟦All trains north of Haverley stand still.⟧</p><p>⟦Some 4,100 people are stuck.⟧</p></article></div><div class="most-popular-widget"><p>⟪Storm Bo killed 19 sheep.⟫</p></div></main><div class="l-footer">⟪Cantreva Live is owned by 3 cats.⟫</div></body></html>"""

PAYWALL_PAGE = """<html><head><meta property="og:title" content="Pearl found in canteen mussels"><meta property="og:site_name" content="Sele Times"></head><body><header class="masthead"><span>⟪No. 14,001⟫</span></header><article class="article article--premium"><div class="article__hero"><p class="kicker">⟪Food 5⟫</p><h1>⟦Pearl found in canteen mussels⟧</h1><p class="article__intro">⟦Cook wants to keep it⟧</p></div><div class="article__body"><p>⟦A pearl of 7 millimetres was found in the canteen of the tax office in Sele.⟧</p><div class="paywall-content"><p>⟦The cook, Ann Orr, bit on it.⟧</p><p>⟦A jeweller offered 900 marks.⟧</p></div><div class="article__inline-promo"><strong>⟪Only 1 mark a week⟫</strong></div><p>⟦The tax office says it is income.⟧</p></div></article><section class="read-on"><h2>⟪Read next⟫</h2><a href="/q"><h3>⟪Oyster opens 2 doors⟫</h3></a></section><div class="site-info"><p>⟪Sele Times Ltd, 8 Mill Lane⟫</p></div></body></html>"""

PLAIN_PAGE = """<html><body><h1>⟦Sheep cross the frontier⟧</h1><p><i>⟦By Jo Beck, Hill Post, 4 June 2020⟧</i></p><p>⟦Two hundred sheep crossed into Lathia on Thursday without papers.⟧</p><p>⟦They came back at night.⟧</p><hr><p><a href="a">⟪Back to page 1⟫</a> | <a href="b">⟪Archive 2019⟫</a></p></body></html>"""

DATA_PAGE = """<html><head><title>Unemployment falls to 4.1 percent</title></head><body><div class="grid"><div class="grid__main"><header><h1>⟦Unemployment falls to 4.1 percent⟧</h1></header><section><p>⟦Unemployment in Cantreva fell to 4.1 percent in May.⟧</p><div class="table-wrapper"><table><tbody><tr><td>⟦North⟧</td><td>⟦5.2⟧</td></tr><tr><td>⟦South⟧</td><td>⟦3.3⟧</td></tr></tbody></table></div><p>⟦The south does better.⟧</p><details><summary>⟦How it is counted⟧</summary><p>⟦Every tenth household is asked.⟧</p></details></section></div><div class="grid__side"><div class="box"><h3>⟪Latest news⟫</h3><ul><li><a href="/1">⟪Rents rise 9 percent⟫</a></li></ul></div><div class="box"><h3>⟪Exchange rates⟫</h3><p>⟪One mark buys 0.88 crowns.⟫</p></div></div></div><div class="cookie-notice"><p>⟪This site stores 30 cookies.⟫</p></div></body></html>"""

PAGES = {
    "article element": CLASSIC, "divs and breaks": DIVS_ONLY, "itemprop": BODY_MARKED, "more comments than story": MANY_COMMENTS,
    "tables and lists": TABLES, "hidden": HIDDEN, "split story": SPLIT, "furniture without classes": UNMARKED,
    "cards": CARDS, "wrapped in a form": FORM_WRAPPED, "layout table": OLD_TABLE_PAGE, "json-ld": SCRIPT_WORDS,
    "encyclopaedia": WIKI_PAGE, "live blog": LIVE_PAGE, "paywall": PAYWALL_PAGE, "links at the end": PLAIN_PAGE, "table in a section": DATA_PAGE,
    "tailwind": TAILWIND, "drupal": DRUPAL, "elementor": ELEMENTOR, "wordpress": WORDPRESS, "hashed classes": HASHED, "amp": AMP,
}  # fmt: skip


def _marked(page: str, left: str, right: str) -> list[str]:
    found = re.findall(f"{left}(.*?){right}", page, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", one)).split()) for one in found]


def _kept_and_let_in(page: str, text: str) -> tuple[list[str], list[str]]:
    """Find the sentences of the story that are missing and the furniture that got in."""
    lost = [one for one in _marked(page, "⟦", "⟧") if one not in text]
    return lost, [one for one in _marked(page, "⟪", "⟫") if one in text]


def _text(page: str) -> str:
    return parse(re.sub("[⟦⟧⟪⟫]", "", page).encode(), Path("page.html")).text


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in PAGES.items()])
def test_page_keeps_its_story_and_loses_its_furniture(page):
    assert _kept_and_let_in(page, _text(page)) == ([], [])


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in PAGES.items()])
def test_headline_is_the_first_line_and_blocks_are_parted_by_one_blank_line(page):
    blocks = _text(page).split("\n\n")
    assert blocks[0] == _marked(page, "⟦", "⟧")[0]
    assert all(block == block.strip() and block for block in blocks)


def test_rows_of_a_table_are_one_block_each():
    assert (
        "Rain in June, in millimetres\n\nYear | Rain\n\n2022 | 41.5\n\n2023 | 212.7\n\nThe gauge"
        in _text(TABLES)
    )


def test_white_space_is_collapsed_and_entities_are_decoded():
    page = "<h1>A&amp;B</h1><p>The  wall\n is 2.8&nbsp;km&shy; long, &ldquo;they&rdquo;\t<b>say</b>, at last.</p><p>&lt;b&gt;Yes.</p>"
    assert _text(page) == "A&B\n\nThe wall is 2.8 km long, “they” say, at last.\n\n<b>Yes."
