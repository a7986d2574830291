#include "net/redact.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "net/address.h"

namespace rf::net {
namespace {

TEST(Secrets, AreKnownByTheirNames) {
  for (const char* name :
       {"Authorization", "Access-Token", "access_token", "ACCESS_TOKEN", "developer-token",
        "xi-api-key", "X-Api-Key", "client_secret", "appsecret_proof", "refresh_token", "Cookie",
        "Set-Cookie", "key", "code", "X-Hub-Signature-256", "Proxy-Authorization",
        "x-amz-signature", "password", "login-session"}) {
    EXPECT_TRUE(names_a_secret(name)) << name;
  }
  for (const char* name : {"Content-Type", "limit", "fields", "after", "keyword", "x-fb-trace-id",
                           "postcode", "design"}) {
    EXPECT_FALSE(names_a_secret(name)) << name;
  }
}

TEST(Secrets, LeaveTheRestOfAnAddressReadable) {
  EXPECT_EQ(without_secrets("https://h/p?a=1&access_token=T&b=2#access_token=T"),
            "https://h/p?a=1&access_token=[hidden]&b=2#access_token=[hidden]");
  EXPECT_EQ(without_secrets("https://user:T@h:80/p"), "https://[hidden]@h:80/p");
  EXPECT_EQ(without_secrets("/p?access%5Ftoken=T"), "/p?access%5Ftoken=[hidden]");
  EXPECT_EQ(without_secrets("/p?%61ccess_token=T&x"), "/p?%61ccess_token=[hidden]&x");
  EXPECT_EQ(without_secrets(""), "");
  EXPECT_EQ(without_secrets("/p?"), "/p?");
}

TEST(Secrets, AreNeverShownWhereverTheyStand) {
  const std::string secret = "5ecretValue";
  Rng rng(1);
  const std::vector<std::string> names{"access_token", "Client_Secret", "api-key", "a", "limit"};
  for (int i = 0; i < 500; ++i) {
    std::string target = "https://h/p?";
    for (int field = 0; field < 5; ++field) {
      const std::string& name = names[rng.below(names.size())];
      target += name + "=" + (names_a_secret(name) ? secret : "open") + "&";
    }
    EXPECT_EQ(without_secrets(target).find(secret), std::string::npos) << target;
  }
}

TEST(PublicAddress, IsNoneOfTheSpecialOnes) {
  for (const char* text : {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "192.169.0.1",
                           "2606:4700::1111", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(is_public(text)) << text;
  }
  for (const char* text : {"127.0.0.1",
                           "127.255.255.255",
                           "10.0.0.1",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "0.0.0.0",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fd00::1",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:169.254.169.254",
                           "2002:7f00:1::",
                           "2001:db8::1",
                           "64:ff9b::7f00:1",
                           "localhost",
                           "",
                           "1.2.3",
                           "0x7f.1"}) {
    EXPECT_FALSE(is_public(text)) << text;
  }
}

}  // namespace
}  // namespace rf::net
