// Indexes a folder without end, changing it meanwhile. test_documents_kill kills it.
//   documents_kill_child DATA DOCS SEED        says R when it begins, and I once all is indexed
#include <unistd.h>

#include <random>

#include "tests/app/documents/shelf.h"

using namespace pellucid;
using namespace pellucid::documents;
using namespace pellucid::documents::test;
namespace fs = std::filesystem;

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    const fs::path docs = argv[2];
    std::mt19937 random(static_cast<std::uint32_t>(std::atoi(argv[3])));
    // About as slow as real files and a real model, so that most kills meet some work.
    PlainReader reader;
    reader.before = [](const fs::path&) { std::this_thread::sleep_for(std::chrono::milliseconds(4)); };
    auto words = std::make_shared<WordSource>();
    words->before = []() -> Result<void> {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return {};
    };
    auto opened = DocumentLibrary::open(options_of(argv[1]), reader);
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().message().c_str());
        return 2;
    }
    auto& library = **opened;
    const auto collection = library.collections().named("Papers");
    if (!collection || !library.use(words) || !library.start(true)) return 3;
    if (!library.add(*collection, {docs})) return 4;
    (void)!write(STDOUT_FILENO, "R\n", 2);
    for (int round = 0;; ++round) {
        // Files come, change, get other names and go while they are read and embedded.
        const auto file = [&] { return docs / ("f" + std::to_string(random() % 40) + ".txt"); };
        std::error_code ignored;
        switch (random() % 5) {
            case 0:
                fs::rename(file(), file(), ignored);
                break;
            case 1:
                fs::remove(file(), ignored);
                break;
            default: {
                std::string text;
                const auto paragraphs = random() % 30;
                for (unsigned i = 0; i < paragraphs; ++i)
                    text += "Word" + std::to_string(random() % 500) + " of paragraph " + std::to_string(i) +
                            " in round " + std::to_string(round) + ". 潮汐由月球引起。\n\n";
                test::write(file(), text);
            }
        }
        if (random() % 10 == 0) (void)library.add(*collection, {docs}, random() % 4 == 0);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 4000));
    }
}
