// Network addresses: which of them are on the public internet.

#pragma once

#include <string_view>

struct sockaddr;

namespace rf::net {

// False for loopback, private, link-local, shared, documentation, multicast and reserved addresses,
// and for IPv6 addresses that carry such an IPv4 one.
// Source: IANA special-purpose address registries (RFC 6890).
bool is_public(const sockaddr& address);

// The same of an address written out; false for what is none.
bool is_public(std::string_view text);

// As socket(2), closed when another program is started.
int open_socket_of(int family, int type, int protocol);

}  // namespace rf::net
