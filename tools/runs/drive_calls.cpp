#include "tools/runs/drive_calls.h"

namespace hmm {
namespace {

std::vector<call::Page> choices(const call::Page&, const DriveCalls& some) {
  std::vector<call::Page> all;
  for (unsigned v = 0; v < some.pages; ++v) all.push_back({v});
  return all;
}
// One page alone before several.
std::vector<call::Pages> choices(const call::Pages&, const DriveCalls& some) {
  std::vector<call::Pages> all;
  for (unsigned count = 1; count <= some.pages; ++count)
    for (unsigned v = 0; v + count <= some.pages; ++v) all.push_back({v, v + count - 1});
  return all;
}
std::vector<call::Value> choices(const call::Value&, const DriveCalls& some) {
  std::vector<call::Value> all;
  for (unsigned v = 0; v < some.values; ++v) all.push_back({v});
  return all;
}
std::vector<call::Device> choices(const call::Device&, const DriveCalls& some) {
  std::vector<call::Device> all;
  for (const unsigned d : some.devices) all.push_back({d});
  return all;
}
std::vector<call::Child> choices(const call::Child& child, const DriveCalls&) { return {child}; }
std::vector<call::Rights> choices(const call::Rights&, const DriveCalls&) {
  return {call::Rights::none, call::Rights::r, call::Rights::rw};
}
std::vector<call::Memory> choices(const call::Memory&, const DriveCalls&) {
  return {call::Memory::anon, call::Memory::shared};
}

// Adds the call with every value of its arguments from number I on.
template <std::size_t I, class C>
void add_choices(C call, const DriveCalls& some, std::vector<Call>& out) {
  if constexpr (I == std::tuple_size_v<decltype(C::arguments())>) {
    out.emplace_back(call);
  } else {
    auto& argument = call.*std::get<I>(C::arguments());
    for (const auto& one : choices(argument, some)) {
      argument = one;
      add_choices<I + 1>(call, some, out);
    }
  }
}

}  // namespace

std::vector<RecordedCall> calls_among(const DriveCalls& some) {
  std::vector<Call> calls;
  for_each_call([&](const auto& blank) { add_choices<0>(blank, some, calls); });
  std::vector<RecordedCall> all;
  for (const unsigned actor : some.actors)
    for (const Call& call : calls) all.push_back({0, actor, call, {}});
  return all;
}

}  // namespace hmm
