// Keys and certificates for the test server, made when asked.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace pellucid::test {

struct Identity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
};

/// An authority with that name, signed by itself.
Identity make_authority(const std::string& name);
/// A server's certificate for an IPv4 address or a DNS name. `days`: how long it holds; negative: it is over.
Identity make_server(const Identity& authority, const std::string& host, int days);
std::string to_pem(const Identity& identity);

}  // namespace pellucid::test
