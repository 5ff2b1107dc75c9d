// Moves a library and is killed: for test_mover. DATABASE FROM TO [BYTES]: once that many bytes are copied it
// says so and waits, so that the kill meets it there however fast the machine is.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/library/mover.h"
#include "storage/store.h"

int main(int argc, char** argv) {
    using namespace pellucid;
    if (argc != 4 && argc != 5) return 2;
    storage::DatabaseOptions options;
    options.path = argv[1];
    auto store = storage::Store::open(options);
    if (!store) return 3;
    library::Mover mover((*store)->database(), argv[2]);
    std::puts("begun");
    std::fflush(stdout);
    const std::uint64_t halt = argc == 5 ? std::strtoull(argv[4], nullptr, 10) : 0;
    const auto moved = mover.move(argv[3], [&](std::uint64_t copied, std::uint64_t, const std::string&) {
        if (halt == 0 || copied < halt) return;
        std::puts("there");
        std::fflush(stdout);
        pause();
    });
    if (!moved) std::fprintf(stderr, "%s\n", moved.error().message().c_str());
    return moved ? 0 : 1;
}
