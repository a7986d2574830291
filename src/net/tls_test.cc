#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "net/client.h"
#include "net/server.h"

namespace rf::net {
namespace {

const SystemClock kClock;

struct End {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// A certificate for 127.0.0.1 that vouches for itself, in files of this process.
class Certificate {
 public:
  Certificate() {
    const std::unique_ptr<EVP_PKEY, End> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, End> made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key.get());
    X509_NAME* name = X509_get_subject_name(made.get());
    const std::string common = "reelforge test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    const std::unique_ptr<X509_EXTENSION, End> address(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
    X509_add_ext(made.get(), address.get(), -1);
    X509_sign(made.get(), key.get(), EVP_sha256());
    const std::unique_ptr<BIO, End> certificate(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate.get(), made.get());
    const std::unique_ptr<BIO, End> secret(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::ofstream(certificate_file()) << text_of(certificate.get());
    std::ofstream(key_file()) << text_of(secret.get());
  }
  ~Certificate() {
    std::filesystem::remove(certificate_file());
    std::filesystem::remove(key_file());
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string certificate_file() const { return file("cert"); }
  std::string key_file() const { return file("key"); }

 private:
  static std::string file(std::string_view kind) {
    return (std::filesystem::temp_directory_path() /
            fmt::format("rf_tls_{}_{}.pem", getpid(), kind))
        .string();
  }
};

Result<Response> ask(int port, const std::string& authorities, std::string_view scheme = "https") {
  ClientRules rules;
  rules.authorities = authorities;
  return open_client(rules)->send({.method = "GET",
                                   .target = fmt::format("{}://127.0.0.1:{}/x", scheme, port),
                                   .headers = {},
                                   .body = {}});
}

TEST(Tls, IsSpokenAndChecked) {
  const Certificate certificate;
  ServerRules rules;
  rules.certificate = certificate.certificate_file();
  rules.private_key = certificate.key_file();
  const auto server =
      start_server(rules, Handler([](const Request& request) {
                     return Response{.status = 200, .headers = {}, .body = request.target};
                   }),
                   kClock)
          .value();
  const auto trusted = ask(server->port(), certificate.certificate_file());
  ASSERT_TRUE(trusted) << trusted.error().message;
  EXPECT_EQ(trusted->body, "/x");
  const auto stranger = ask(server->port(), "");
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, ErrorCode::denied);
  EXPECT_FALSE(ask(server->port(), "", "http"));
}

TEST(Tls, EndsQuietlyWithAPeerThatNeverShakesHands) {
  const Certificate certificate;
  ServerRules rules;
  rules.certificate = certificate.certificate_file();
  rules.private_key = certificate.key_file();
  rules.header_max = std::chrono::milliseconds{20};
  const auto server =
      start_server(rules, Handler([](const Request&) { return Response{}; }), kClock).value();
  EXPECT_FALSE(ask(server->port(), "", "http"));
  EXPECT_TRUE(ask(server->port(), certificate.certificate_file()));
}

}  // namespace
}  // namespace rf::net
