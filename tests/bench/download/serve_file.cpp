// Serves made-up bytes over HTTPS with ranges, on loopback, until its input ends.
// usage: bench_serve_file BYTES; prints the address, the SHA-256 and the authority's file, a line each
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>

#include "app/digest/sha256.h"
#include "tests/app/network/kit/fault_server.h"

using namespace pellucid;

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto body = std::make_shared<std::string>(std::strtoull(argv[1], nullptr, 10), ' ');
    std::mt19937_64 random(7);
    for (std::size_t i = 0; i + 8 <= body->size(); i += 8) {
        const auto word = random();
        __builtin_memcpy(body->data() + i, &word, 8);
    }
    test::FaultServer server([&](const test::ServerRequest& request) {
        return test::FaultServer::file(request, body, "\"bench\"");
    });
    std::printf("%s/file.bin\n%s\n%s\n", server.url().c_str(),
                digest::to_hex(digest::Sha256::of(std::as_bytes(std::span(*body)))).c_str(),
                test::FaultServer::authority_file().c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}
