// What strangers write into records: every way we know by which text becomes a script. `X` stands for what would run.
const run = ["window.hit=1", "hit=1", "self['hit']=1"];
const plain = [
  "<script>X</script>", "<ScRiPt>X</sCrIpT>", "<script src=data:text/javascript,X></script>", "\"><script>X</script>",
  "'><script>X</script>", "</title><script>X</script>", "</textarea><script>X</script>", "</style><script>X</script>",
  "</template><script>X</script>", "</svg><script>X</script>", "--><script>X</script>", "]]><script>X</script>",
  "<img src=x onerror=X>", "\"><img src=x onerror=X>", "' onerror='X", "\" onerror=\"X", "\" onmouseover=\"X\" autofocus onfocus=\"X",
  "<svg onload=X>", "<svg><script>X</script></svg>", "<svg><animate onbegin=X attributeName=x dur=1s>", "<svg><a xlink:href=\"javascript:X\"><text>t</text></a></svg>",
  "<body onload=X>", "<iframe srcdoc=\"<script>parent.hit=1</script>\">", "<iframe src=\"javascript:parent.hit=1\">", "<object data=\"javascript:X\">",
  "<embed src=\"javascript:X\">", "<details open ontoggle=X>", "<video><source onerror=X></video>", "<audio src=x onerror=X>",
  "<input autofocus onfocus=X>", "<select autofocus onfocus=X>", "<marquee onstart=X>", "<math><mtext><script>X</script></mtext></math>",
  "<form action=\"javascript:X\"><button>b</button></form>", "<base href=\"javascript:X//\">", "<meta http-equiv=refresh content=\"0;url=javascript:X\">",
  "<link rel=stylesheet href=\"javascript:X\">", "<a href=\"javascript:X\">a</a>", "<a href=\"java\tscript:X\">a</a>", "<a href=\" javascript:X\">a</a>",
  "<style>@import 'javascript:X';</style>", "<div style=\"background:url(javascript:X)\">", "<table background=\"javascript:X\">", "<isindex action=javascript:X>",
  "<noscript><p title=\"</noscript><img src=x onerror=X>\">", "<xmp><p title=\"</xmp><svg/onload=X>\">", "<img src=\"x` `<script>X</script>\"` `>",
  "{{constructor.constructor('X')()}}", "{% raw %}<script>X</script>", "${X}", "<%= X %>", "&lt;script&gt;X&lt;/script&gt;", "&#60;script&#62;X&#60;/script&#62;",
  "\\u003cscript\\u003eX\\u003c/script\\u003e", "%3Cscript%3EX%3C/script%3E", "<scr<script>ipt>X</scr</script>ipt>", "<\u0000script>X</script>",
  "<script\u2028>X</script>", "＜script＞X＜/script＞", "\u202e<script>X</script>", "<img src=x:x onerror\u000b=X>", "<a id=viewer><a id=viewer name=content>",
  "<img name=getElementById>", "<form id=main><input name=children></form>", "<template id=viewer><dialog><img src=x onerror=X></dialog></template>",
  "<p data-branches=\"data:text/html,<script>X</script>\">", "<a data-zoom=\"data:text/javascript,X\" href=x>z</a>",
];
const addresses = [
  "javascript:X", "JaVaScRiPt:X", "javascript://%0aX", "java%0ascript:X", "data:text/html,<script>X</script>", "data:text/html;base64,PHNjcmlwdD5oaXQ9MTwvc2NyaXB0Pg==",
  "vbscript:X", "data:image/svg+xml,<svg onload=X>", "blob:X", "filesystem:X", "view-source:javascript:X", "feed:javascript:X", "jar:javascript:X!/",
  "https://example.org/\"onmouseover=\"X", "https://example.org/'><script>X</script>", "http://example.org/x.jpg\" onerror=\"X", "https://example.org/x.png?</script><script>X</script>",
  "//example.org/x.js", "https:javascript:X", "javascript:X//.jpg", "javascript:X//.svg", "https://iiif.example.org;script-src *//full/max/0/default.jpg",
];
const texts = [...plain, ...plain.slice(0, 31)].map((text, at) => text.replaceAll("X", run[(at + (at >= plain.length ? 1 : 0)) % run.length]));
export const payloads = [...texts, ...addresses.map((text) => text.replaceAll("X", run[0]))].slice(0, 120);
if (payloads.length !== 120) throw new Error(`${payloads.length} payloads`);
