// Lays a formula out with KaTeX and returns its tree as JSON. Keys: c classes, k children, s style, t text, i italic
// correction, h and d height and depth, v an SVG's attributes, p an SVG path's data, l an SVG line's attributes.
var pellucidLayout = (function () {
    function node(n) {
        if (n.pathName !== undefined) {
            var markup = n.toMarkup();
            var begin = markup.indexOf("d=") + 3;
            return {p: markup.substring(begin, markup.lastIndexOf(markup.charAt(begin - 1)))};
        }
        if (n.classes === undefined && n.attributes !== undefined) {
            return n.children === undefined ? {l: n.attributes} : {v: n.attributes, k: n.children.map(node)};
        }
        var out = {};
        var classes = (n.classes || []).filter(Boolean).join(" ");
        if (classes) out.c = classes;
        if (n.height) out.h = n.height;
        if (n.depth) out.d = n.depth;
        for (var key in n.style) {
            if (n.style[key] !== undefined && n.style[key] !== "") {
                out.s = n.style;
                break;
            }
        }
        if (n.text !== undefined) {
            out.t = n.text;
            if (n.italic) out.i = n.italic;
        } else if (n.children) {
            out.k = n.children.map(node);
        }
        return out;
    }
    return function (tex, display) {
        return JSON.stringify(node(katex.__renderToDomTree(tex, {
            displayMode: display, output: "html", throwOnError: true, trust: false, strict: "ignore", maxSize: 40, maxExpand: 500
        })));
    };
})();
