// Each format's reader on small sources written here: blocks, levels, tables, notices. No process, no Qt in
// what is tested; the sandboxed way is tested by test_hostile and test_pdf.
#include <archive.h>
#include <archive_entry.h>

#include <QtTest>

#include "app/reading/formats/format.h"

using namespace pellucid;
using namespace pellucid::reading;
using namespace std::string_view_literals;

namespace {

Result<Document> read(std::string_view bytes, const std::string& name) {
    FormatContext context;
    context.name = name;
    auto document = read_bytes(bytes, context, [](const FormatContext&) -> Result<Document> {
        return fail(ErrorCode::internal, "no PDF here");
    });
    if (document)
        if (const auto checked = check(*document); !checked)
            return checked.error().what.empty() ? document : fail(checked.error());
    return document;
}

/// "h1 Title | p Words | li2 - x": blocks in short.
std::string shape(const Result<Document>& document) {
    if (!document) return "error " + std::string(to_string(document.error().code));
    static constexpr const char* kNames[] = {"h", "p", "li", "table", "code", "caption", "quote", "note"};
    std::string out;
    for (const Block& block : document->blocks) {
        out += (out.empty() ? "" : " | ") + std::string(kNames[static_cast<int>(block.kind)]);
        if (block.level > 0) out += std::to_string(block.level);
        if (!block.symbol.empty()) out += "(" + block.symbol + ")";
        out += " " + std::string(document->of(block.range));
    }
    return out;
}

bool has(const Result<Document>& document, NoticeCode code) {
    if (!document) return false;
    for (const Notice& notice : document->notices)
        if (notice.code == code) return true;
    return false;
}

std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
    std::string out(1 << 20, '\0');
    std::size_t used = 0;
    archive* zip = archive_write_new();
    archive_write_set_format_zip(zip);
    archive_write_open_memory(zip, out.data(), out.size(), &used);
    for (const auto& [name, bytes] : parts) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(zip, entry);
        archive_write_data(zip, bytes.data(), bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(zip);
    archive_write_free(zip);
    out.resize(used);
    return out;
}

const std::string kWord =
    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";

}  // namespace

#define SHAPE(document, expected) \
    QCOMPARE(QString::fromStdString(shape(document)), QString::fromUtf8(expected))

class TestFormats : public QObject {
    Q_OBJECT

private slots:
    void text() {
        const auto document = read(
            "Title\n=====\n\nOne line\nand another.\n\n- first\n- second\n  goes on\n\n1. number\n", "a.txt");
        SHAPE(document,
              "h1 Title | p One line\nand another. | li1 - first | li1 - second\ngoes on | li1 1. number");
        QCOMPARE(document->mime, std::string("text/plain"));
    }

    void encodings() {
        const std::string words =
            "\xE6\xB2\xB3\xE6\xB5\x81\xE5\x90\x91\xE4\xB8\x8B\xE6\xB5\x81\xE3\x80\x82";  // 河流向下流。
        std::string gb, wide = "\xff\xfe";
        for (int i = 0; i < 20; ++i) {
            gb += "\xba\xd3\xc1\xf7\xcf\xf2\xcf\xc2\xc1\xf7\xa1\xa3\n\n";
            wide += "\xb3\x6c\x41\x6d\x11\x54\x0b\x4e\x41\x6d\x02\x30\x0a\x00\x0a\x00"sv;
        }
        const auto guessed = read(gb, "a.txt");
        QCOMPARE(std::string(guessed->of(guessed->blocks.front().range)), words);
        QVERIFY(has(guessed, NoticeCode::encoding_guessed));
        const auto marked = read(wide, "a.txt");
        QCOMPARE(std::string(marked->of(marked->blocks.front().range)), words);
        QVERIFY(!has(marked, NoticeCode::encoding_guessed));
        const auto broken = read("good \xff bad, and some more words", "a.txt");
        QVERIFY(broken.ok());
        // e and an accent become one character (NFC).
        SHAPE(read("e\xCC\x81t\xC3\xA9", "a.txt"), "p \xC3\xA9t\xC3\xA9");
    }

    void markdown() {
        const auto document = read(
            "---\ntitle: \"About rivers\"\n---\n# Rivers\n\nThey *run* [down](x).\n\n> Said\n\n- a\n  1. "
            "b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode  here\n```\n<!-- secret -->\n",
            "a.md");
        SHAPE(document,
              "h1 Rivers | p They run down. | quote Said | li1 - a | li2 1. b | table1 x\ty\n1\t2 | code "
              "code  here");
        QCOMPARE(document->title, std::string("About rivers"));
        QVERIFY(has(document, NoticeCode::hidden_dropped));
    }

    void html() {
        const auto document = read(
            "<!DOCTYPE html><html lang=en><head><title>T &amp; "
            "U</title><script>no()</script></head><body><nav><a>Home</a></nav><div "
            "class='navheader'>Prev</div>"
            "<h1>Rivers<a>\xC2\xB6</a></h1><p>They <b>run</b>\n "
            "down.<br>Far.</p><ul><li>a<ul><li>b</ul><li>c</ul><ol><li>x<li>y</ol><pre>  int a;\n  int "
            "b;</pre>"
            "<table><caption>Lengths</caption><tr><th>River<th>km<tr><td>Rhine<td>1233</table><p "
            "style='display: none'>ignore all</p><blockquote>Said</blockquote></body></html>",
            "a.html");
        SHAPE(document,
              "h1 Rivers | p They run down. Far. | li1 - a | li2 - b | li1 - c | li1 1. x | li1 2. y | code  "
              " int a;\n  int b; | caption Lengths | table1 River\tkm\nRhine\t1233 | quote Said");
        QCOMPARE(document->title, std::string("T & U"));
        QCOMPARE(document->language, std::string("en"));
        QVERIFY(has(document, NoticeCode::navigation_dropped) && has(document, NoticeCode::hidden_dropped));
        // A hidden list does not unbalance those after it.
        SHAPE(read("<html><body><ul hidden><li>x</ul><ul><li>a</ul>", "a.html"), "li1 - a");
    }

    void source_code() {
        const auto cpp = read(
            "// Head.\n#include <x>\n\nnamespace rivers {\n\n/// Runs.\nint run(int a) {\n    if (a) { "
            "return 1; }\n    return 2;\n}\n\nclass Rhine {\n    void flow() {\n    }\n};\n\n}\n",
            "a.cpp");
        std::vector<std::string> symbols;
        for (const Block& block : cpp->blocks) symbols.push_back(block.symbol);
        QCOMPARE(symbols, (std::vector<std::string>{"", "rivers", "rivers::run", "rivers::Rhine",
                                                    "rivers::Rhine::flow"}));
        QVERIFY(cpp->of(cpp->blocks[2].range).starts_with("/// Runs.\nint run"));
        const auto python = read(
            "import x\n\nclass Rhine:\n    def flow(self):\n        return 1\n\n    def stop(self):\n        "
            "pass\n\ndef run():\n    pass\n",
            "a.py");
        symbols.clear();
        for (const Block& block : python->blocks) symbols.push_back(block.symbol);
        QCOMPARE(symbols, (std::vector<std::string>{"", "Rhine", "Rhine::flow", "Rhine::stop", "run"}));
    }

    void tables_of_values() {
        SHAPE(read("name,length\n\"Rhine, the\",1233\n\"two\nlines\",\"a \"\"quote\"\"\"\n", "a.csv"),
              "table1 name\tlength\nRhine, the\t1233\ntwo lines\ta \"quote\"");
        SHAPE(read("1;2\n3;4\n", "a.csv"), "table 1\t2\n3\t4");
        SHAPE(read("a\tb\nc,d\te\n", "a.tsv"), "table1 a\tb\nc,d\te");
    }

    void docx() {
        const auto document = read(
            zipped(
                {{"[Content_Types].xml", "<Types/>"},
                 {"word/styles.xml",
                  "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"U\"><w:name w:val=\"heading "
                  "2\"/></w:style><w:style w:styleId=\"V\"><w:name w:val=\"Mine\"/><w:basedOn "
                  "w:val=\"U\"/></w:style></w:styles>"},
                 {"docProps/core.xml",
                  "<c><dc:title xmlns:dc=\"d\">About</dc:title><dc:creator "
                  "xmlns:dc=\"d\">Li</dc:creator></c>"},
                 {"word/footnotes.xml",
                  "<w:footnotes xmlns:w=\"w\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnotes>"},
                 {"word/document.xml",
                  kWord +
                      "<w:p><w:pPr><w:pStyle w:val=\"V\"/></w:pPr><w:r><w:t>Rivers</w:t></w:r></w:p>"
                      "<w:p><w:r><w:t>They </w:t></w:r><w:del><w:r><w:delText>never "
                      "</w:delText></w:r></w:del><w:r><w:t>run.</w:t></w:r><w:r><w:rPr><w:vanish/></"
                      "w:rPr><w:t>Ignore all.</w:t></w:r></w:p>"
                      "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId "
                      "w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>"
                      "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</"
                      "w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>c</w:t></"
                      "w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"}}),
            "a.docx");
        SHAPE(document, "h2 Rivers | p They run. | li2 - item | table1 a\tb\n\tc | note A note.");
        QCOMPARE(document->title + "/" + document->author, std::string("About/Li"));
        QVERIFY(has(document, NoticeCode::hidden_dropped));
        SHAPE(read(zipped({{"[Content_Types].xml", ""}, {"word/document.xml", "no xml"}}), "a.docx"),
              "error corrupt");
    }

    void pptx() {
        const std::string slide =
            "<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><p:sp><p:ph type=\"title\"/><a:p><a:r><a:t>Rivers "
            "%1</a:t></a:r></a:p></p:sp><p:sp><p:ph/><a:p><a:r><a:t>run</a:t></a:r></a:p></p:sp>"
            "<p:sp><p:ph type=\"sldNum\"/><a:p><a:r><a:t>7</a:t></a:r></a:p></p:sp></p:sld>";
        const auto numbered = [&](const char* number) {
            return std::string(slide).replace(slide.find("%1"), 2, number);
        };
        const auto document = read(
            zipped(
                {{"[Content_Types].xml", ""},
                 {"ppt/presentation.xml",
                  "<p xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sldId "
                  "id=\"9\" r:id=\"b\"/><sldId id=\"8\" r:id=\"a\"/></p>"},
                 {"ppt/_rels/presentation.xml.rels",
                  "<R><Relationship Id=\"a\" Target=\"slides/slide1.xml\"/><Relationship Id=\"b\" "
                  "Target=\"slides/slide2.xml\"/></R>"},
                 {"ppt/slides/slide1.xml", numbered("one")},
                 {"ppt/slides/slide2.xml", numbered("two")}}),
            "a.pptx");
        SHAPE(document, "h2 Rivers two | li1 - run | h2 Rivers one | li1 - run");
        QCOMPARE(document->pages.size(), 2u);
        QCOMPARE(document->blocks[2].page, 1u);
    }

    void xlsx() {
        const auto document = read(
            zipped(
                {{"[Content_Types].xml", ""},
                 {"xl/workbook.xml",
                  "<w xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheet "
                  "name=\"Rivers\" r:id=\"a\"/><sheet name=\"Secret\" state=\"hidden\" r:id=\"a\"/></w>"},
                 {"xl/_rels/workbook.xml.rels",
                  "<R><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/></R>"},
                 {"xl/sharedStrings.xml",
                  "<sst><si><t>name</t></si><si><r><t>Rh</t></r><r><t>ine</t></r></si></sst>"},
                 {"xl/styles.xml", "<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></s>"},
                 {"xl/worksheets/sheet1.xml",
                  "<ws><row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" "
                  "t=\"inlineStr\"><is><t>since</t></is></c></row>"
                  "<row><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><f>1+1</f><v>2</v></c><c r=\"C2\" "
                  "s=\"1\"><v>45292.5</v></c></row></ws>"}}),
            "a.xlsx");
        SHAPE(document, "h1 Rivers | table1 name\t\tsince\nRhine\t2\t2024-01-01 12:00");
        QCOMPARE(document->pages.at(0).label, std::string("Rivers"));
        QVERIFY(has(document, NoticeCode::hidden_dropped));
    }

    void odt() {
        SHAPE(read(zipped({{"mimetype", "application/vnd.oasis.opendocument.text"},
                           {"content.xml",
                            "<d xmlns:text=\"t\" xmlns:table=\"b\"><body><text:h "
                            "text:outline-level=\"2\">Rivers</text:h><text:p>They<text:s "
                            "text:c=\"2\"/>run<text:note><text:note-citation>1</"
                            "text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></"
                            "text:note>.</text:p>"
                            "<text:list><text:list-item><text:p>item</text:p></text:list-item></"
                            "text:list><table:table><table:table-row><table:table-cell><text:p>a</text:p></"
                            "table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></"
                            "table:table-row>"
                            "<table:table-row><table:table-cell><text:p>1</text:p></"
                            "table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></"
                            "table:table-row></table:table></body></d>"}}),
                   "a.odt"),
              "h2 Rivers | p They run. | note Note. | li1 - item | table1 a\tb\n1\t2");
    }

    void epub() {
        const auto document =
            read(zipped({{"mimetype", "application/epub+zip"},
                         {"META-INF/container.xml", "<c><rootfile full-path=\"in/a.opf\"/></c>"},
                         {"in/a.opf",
                          "<p><title>Book</title><language>zh</language><item id=\"x\" "
                          "href=\"t/one%201.xhtml\"/><item id=\"y\" href=\"two.xhtml\"/><itemref "
                          "idref=\"x\"/><itemref idref=\"y\"/><itemref idref=\"z\"/></p>"},
                         {"in/t/one 1.xhtml",
                          "<html><head><title>One</title></head><body><h1>One</h1></body></html>"},
                         {"in/two.xhtml", "<html><body><p>Two</p></body></html>"}}),
                 "a.epub");
        SHAPE(document, "h1 One | p Two");
        QCOMPARE(document->pages.size(), 2u);
        QCOMPARE(document->title + document->language, std::string("Bookzh"));
        QVERIFY(has(document, NoticeCode::part_skipped));
    }

    void mail() {
        const auto document = read(
            "From: =?utf-8?B?5byg5LiJ?= <a@example.org>\r\nTo: b@example.org\r\nSubject: "
            "=?iso-8859-1?Q?H=F6he?=\r\n =?utf-8?Q?_und_Tiefe?=\r\nContent-Type: multipart/mixed; "
            "boundary=\"o\"\r\n\r\n--o\r\n"
            "Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; "
            "charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=BA=D3=C1=F7 "
            "a=\r\nb\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>other</p>\r\n--i--\r\n"
            "--o\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
            "filename=\"plan.pdf\"\r\n\r\nxxxx\r\n--o--\r\n",
            "a.eml");
        SHAPE(document,
              "h1 H\xC3\xB6he und Tiefe | note From: \xE5\xBC\xA0\xE4\xB8\x89 <a@example.org>\nTo: "
              "b@example.org | p \xE6\xB2\xB3\xE6\xB5\x81 ab");
        QVERIFY(has(document, NoticeCode::part_skipped));
        // Known by its content too.
        QCOMPARE(read("Received: x\nFrom: a\nSubject: b\n\nbody\n", "noname")->mime,
                 std::string("message/rfc822"));
    }

    void types() {
        QVERIFY(has(read("<html><body>x</body></html>", "a.pdf"), NoticeCode::wrong_extension));
        QVERIFY(has(read("just words", "a.docx"), NoticeCode::wrong_extension));
        SHAPE(read("\x7f"
                   "ELF\2\1\1",
                   "a"),
              "error unsupported");
        SHAPE(read("{\\rtf1 x}", "a.rtf"), "error unsupported");
        SHAPE(read(zipped({{"some.txt", "x"}}), "a.zip"), "error unsupported");
        SHAPE(read("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv,
                   "a.xlsx"),
              "error encrypted");
        const auto picture = read("\x89PNG\r\n\x1a\n....", "a.png");
        QVERIFY(has(picture, NoticeCode::no_text_layer));
        QVERIFY(!picture->pages.at(0).text_layer);
    }

    void limits() {
        DocumentBuilder out({100, 2});
        QVERIFY(out.begin_page() && out.paragraph(std::string(60, 'a')));
        QVERIFY(!out.paragraph("\xE6\xB2\xB3 " + std::string(60, 'b')));
        QVERIFY(out.full() && !out.paragraph("c"));
        const Document cut = std::move(out).finish();
        QVERIFY(check(cut).ok());
        QCOMPARE(cut.text.size(), 100u);
        DocumentBuilder pages({100, 1});
        QVERIFY(pages.begin_page() && !pages.begin_page());
    }
};

QTEST_APPLESS_MAIN(TestFormats)
#include "test_formats.moc"
