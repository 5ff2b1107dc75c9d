// Moves a library and is killed: for test_mover.
#include <cstdio>

#include "app/library/mover.h"
#include "storage/store.h"

int main(int argc, char** argv) {
    using namespace pellucid;
    if (argc != 4) return 2;
    storage::DatabaseOptions options;
    options.path = argv[1];
    auto store = storage::Store::open(options);
    if (!store) return 3;
    library::Mover mover((*store)->database(), argv[2]);
    std::puts("begun");
    std::fflush(stdout);
    const auto moved = mover.move(argv[3]);
    if (!moved) std::fprintf(stderr, "%s\n", moved.error().message().c_str());
    return moved ? 0 : 1;
}
