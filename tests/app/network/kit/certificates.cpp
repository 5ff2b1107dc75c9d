#include "tests/app/network/kit/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace pellucid::test {
namespace {

void must(bool good, const char* what) {
    if (!good) throw std::runtime_error(what);
}

Identity blank(const std::string& name, int days) {
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
    made.certificate.reset(X509_new(), X509_free);
    X509* const certificate = made.certificate.get();
    must(made.key && certificate != nullptr, "no key");
    static long serial = 0;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    const long day = 24 * 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * day);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    must(extension != nullptr, "no extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

Identity make_authority(const std::string& name) {
    Identity made = blank(name, 30);
    X509* const certificate = made.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(certificate, certificate, NID_subject_key_identifier, "hash");
    must(X509_sign(certificate, made.key.get(), EVP_sha256()) > 0, "not signed");
    return made;
}

Identity make_server(const Identity& authority, const std::string& host, int days) {
    Identity made = blank(host, days);
    X509* const certificate = made.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(authority.certificate.get()));
    const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
    extend(certificate, authority.certificate.get(), NID_subject_alt_name, (address ? "IP:" : "DNS:") + host);
    extend(certificate, authority.certificate.get(), NID_ext_key_usage, "serverAuth");
    must(X509_sign(certificate, authority.key.get(), EVP_sha256()) > 0, "not signed");
    return made;
}

std::string to_pem(const Identity& identity) {
    std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(memory.get(), identity.certificate.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace pellucid::test
