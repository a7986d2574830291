#include "app/network.h"

#include <algorithm>
#include <chrono>

#include <poll.h>

#include "net/client.h"

namespace rf::app {

net::HttpClient* Network::client() {
  std::call_once(made_, [this] {
    net::ClientRules rules;
    rules.cancelled = interrupted_;
    client_ = net::open_client(std::move(rules));
  });
  return client_.get();
}

// Addresses that are typed lead to a chat or a pager, which answer at once and in a few bytes.
net::HttpClient* Network::typed_client() {
  std::call_once(typed_made_, [this] {
    net::ClientRules rules;
    rules.cancelled = interrupted_;
    rules.public_hosts_only = !any_host_;
    rules.whole_max = std::chrono::seconds(30);
    rules.body_bytes_max = 64 << 10;
    typed_client_ = net::open_client(std::move(rules));
  });
  return typed_client_.get();
}

net::MailSender* Network::mail() {
  std::call_once(mail_made_, [this] {
    net::MailRules rules;
    rules.cancelled = interrupted_;
    rules.public_hosts_only = !any_host_;
    mail_ = net::open_mail(std::move(rules));
  });
  return mail_.get();
}

// In slices, so that an interrupt between two looks at it is seen soon.
bool Network::wait(Duration time) const {
  constexpr Duration kSlice = std::chrono::milliseconds(200);
  while (time.count() > 0) {
    if (interrupted_()) return false;
    const Duration slice = std::min(time, kSlice);
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(slice);
    static_cast<void>(poll(nullptr, 0, static_cast<int>(whole.count())));
    time -= slice;
  }
  return !interrupted_();
}

}  // namespace rf::app
