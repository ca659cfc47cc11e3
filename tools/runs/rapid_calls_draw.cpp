#include "tools/runs/rapid_calls_draw.h"

#include <array>
#include <string>

namespace hmm {
namespace {

// `at change_protection`, `after change_protection`, and so on.
const std::vector<std::string>& places() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const auto function : kPlaces)
      for (const char* when : {"at ", "after "}) out.push_back(when + std::string(function));
    return out;
  }();
  return all;
}

// What is simpler, the simplest first.
std::vector<call::Page> smaller(const call::Page& page) {
  std::vector<call::Page> out;
  for (unsigned v = 0; v < page.vpn; ++v) out.push_back({v});
  return out;
}
std::vector<call::Pages> smaller(const call::Pages& pages) {
  std::vector<call::Pages> out;
  for (unsigned first = 0; first <= pages.last; ++first)
    for (unsigned last = first; last < kRecordedPages; ++last)
      if (const call::Pages other{first, last};
          other.count() < pages.count() || (other.count() == pages.count() && first < pages.first))
        out.push_back(other);
  return out;
}
std::vector<call::Value> smaller(const call::Value& value) {
  return value.v > 1 ? std::vector{call::Value{1}} : std::vector<call::Value>{};
}
std::vector<call::Device> smaller(const call::Device& device) {
  std::vector<call::Device> out;
  for (unsigned d = 0; d < device.number; ++d) out.push_back({d});
  return out;
}
std::vector<call::Child> smaller(const call::Child&) { return {}; }
std::vector<call::Rights> smaller(const call::Rights& rights) {
  using enum call::Rights;
  if (rights == rw) return {};
  return {rw};
}
std::vector<call::Memory> smaller(const call::Memory& memory) {
  if (memory == call::Memory::anon) return {};
  return {call::Memory::anon};
}

}  // namespace

CallDraws::CallDraws(const rc::Random& random)
    : random_(random), holds_(rc::Random(random).split()) {
  // A quarter of the kinds, or none; one page or two most of the time.
  if (!once_in(4)) without_ = random_.next() & random_.next();
  pages_ = std::array{1u, 1u, 2u, 2u, kRecordedPages}[below(5)];
  // Mappings are what all others are about.
  without_ &= ~(std::uint64_t{1} << Call(call::Mmap{}).index());
  for (auto& device : devices_) device = below(kRecordedDevices);
}

void CallDraws::draw(call::Pages& to) {
  to.first = below(pages_);
  to.last = to.first + below(pages_ - to.first);
}
void CallDraws::draw(call::Rights& to) {
  using enum call::Rights;
  to = std::array{rw, rw, rw, rw, rw, r, r, none}[below(8)];
}
void CallDraws::draw(call::Memory& to) {
  to = once_in(4) ? call::Memory::shared : call::Memory::anon;
}

std::size_t CallDraws::below_kinds() {
  std::size_t kind = below(kCalls);
  while ((without_ >> kind & 1) != 0) kind = below(kCalls);
  return kind;
}

RecordedCall CallDraws::draw() {
  RecordedCall out;
  out.actor = once_in(3) ? 1 : 0;
  std::size_t kind = below_kinds();
  if (const std::size_t other = below_kinds(); times_[other] < times_[kind]) kind = other;
  for_each_call([&](auto one) {
    if (kind-- != 0) return;
    call::for_each_argument(one, [&](auto& argument) { draw(argument); });
    out.what = one;
  });
  // A number for each mprotect is drawn in vain, so that what a seed gives stays what it is.
  if (row_of(out.what).name == "mprotect") below(4);
  if (!row_of(out.what).ends_child && holds_.next() % 6 == 0) {
    out.result = Outcome::held;
    out.result.held_at = places()[holds_.next() % places().size()];
  }
  return out;
}

std::vector<RecordedCall> smaller_calls(const RecordedCall& call) {
  std::vector<RecordedCall> out;
  const auto add = [&](const Call& what, unsigned actor) {
    out.push_back(call);
    out.back().what = what;
    out.back().actor = actor;
  };
  if (call.actor != 0) add(call.what, 0);
  std::visit(
      [&]<class C>(const C& one) {
        std::apply(
            [&](auto... at) {
              [[maybe_unused]] const auto each = [&](auto member) {
                for (const auto& argument : smaller(one.*member)) {
                  C other = one;
                  other.*member = argument;
                  add(other, call.actor);
                }
              };
              (each(at), ...);
            },
            C::arguments());
      },
      call.what);
  return out;
}

}  // namespace hmm
