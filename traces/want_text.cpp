#include "traces/want_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/nearest.h"

namespace hmm {

std::string print_want(const Want& want) {
  switch (want.by) {
    case Retrier::cpu:
      return fmt::format("cpu mm={} vpn={} write={:d}", want.mm, want.vpn, want.write);
    case Retrier::device:
      return fmt::format("device device={} mm={} vpn={} write={:d}", want.device, want.mm, want.vpn,
                         want.write);
    case Retrier::eviction:
      return fmt::format("eviction pfn={}", want.pfn);
    case Retrier::hotplug:
      return fmt::format("hotplug region={}", want.region);
    case Retrier::hotunplug:
      return fmt::format("hotunplug region={}", want.region);
    case Retrier::memremap:
      return fmt::format("memremap device={}", want.device);
    case Retrier::memunmap:
      return fmt::format("memunmap device={}", want.device);
    case Retrier::subscribe:
      return fmt::format("subscribe device={} mm={}", want.device, want.mm);
    case Retrier::unsubscribe:
      return fmt::format("unsubscribe device={} mm={}", want.device, want.mm);
  }
  return "";
}

std::string print_wants(const std::vector<Want>& wants) {
  std::vector<std::string> names;
  for (const auto& want : wants) names.push_back(print_want(want));
  return joined(names);
}

std::vector<Want> parse_wants(const Wants& possible, std::string_view text, const Origin& at) {
  std::vector<Want> wants;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string one(trimmed(text.substr(0, comma)));
    text = trimmed(text.substr(std::min(comma + 1, text.size())));
    std::vector<std::string> names;
    bool is_known = false;
    for (const auto& want : possible) {
      names.push_back(print_want(want));
      if (names.back() != one) continue;
      if (std::find(wants.begin(), wants.end(), want) != wants.end())
        reject(at, "everybody who wants something once", one);
      wants.push_back(want);
      is_known = true;
    }
    if (wants.size() > kMostWants)
      reject(at, fmt::format("at most {} who want something", kMostWants), one);
    if (!is_known)
      reject(at, fmt::format("who wants what ({}){}", joined(names), did_you_mean(one, names)),
             one.empty() ? "none" : one);
  }
  return wants;
}

}  // namespace hmm
