// The part of an operation that did not go well while the rest did. An output that has any in its
// `failed` makes the command line exit with the status of the first.

#pragma once

#include <string>
#include <tuple>

#include "base/described.h"

namespace rf::api {

struct Failure {
  std::string what;  // The file, ad or account.
  std::string code;
  std::string message;
};

}  // namespace rf::api

template <>
struct rf::Described<rf::api::Failure> {
  using Self = rf::api::Failure;
  static constexpr auto fields =
      std::tuple{field("what", &Self::what, "the file, ad or account"),
                 field("code", &Self::code, "of the error table"),
                 field("message", &Self::message, "what is wrong, and what to do")};
};
