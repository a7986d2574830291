// The network as the program reaches it: a client made when first asked for, and waiting that
// Ctrl-C ends.

#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "base/time.h"
#include "net/http.h"
#include "net/mail.h"

namespace rf::app {

// Thread: any.
class Network {
 public:
  // `any_host`: typed addresses may be inside, too.
  explicit Network(std::function<bool()> interrupted, bool any_host = false)
      : interrupted_(std::move(interrupted)), any_host_(any_host) {}

  net::HttpClient* client();
  net::HttpClient* typed_client();
  net::MailSender* mail();

  // False when it was interrupted before the time was over.
  bool wait(Duration time) const;

 private:
  std::function<bool()> interrupted_;
  bool any_host_;
  std::once_flag made_;
  std::once_flag typed_made_;
  std::once_flag mail_made_;
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<net::HttpClient> typed_client_;
  std::unique_ptr<net::MailSender> mail_;
};

}  // namespace rf::app
