// Which memory a frame is, for every frame of every scope, and what a zone more changes of it.
#include "model/zones.h"

#include <catch2/catch.hpp>

#include "model/page.h"
#include "model/scopes.h"

namespace hmm {
namespace {

using D = Concrete<kLarge>;

bool is_private(const Zone& zone) { return zone.memory == Memory::device_private; }
bool is_coherent(const Zone& zone) { return zone.memory == Memory::device_coherent; }
bool is_system(const Zone& zone) { return zone.memory == Memory::system; }

}  // namespace

TEST_CASE("the zones of a scope are disjoint and leave no frame out") {
  for (const auto& named : kScopes) {
    CAPTURE(named.name);
    const Zones zones = zones_of(named.scope);
    unsigned next = 1, owned = 0;
    for (const Zone& zone : zones) {
      CHECK(zone.pfns.first == next);
      next += zone.pfns.count;
      owned += zone.is_owned() ? zone.pfns.count : 0;
      for (unsigned pfn = zone.pfns.first; pfn < next; ++pfn) CHECK(zone_of(zones, pfn) == &zone);
    }
    CHECK(next == frames_of(named.scope) + 1);
    CHECK(owned == named.scope.devices * named.scope.device_pages);
    CHECK(zone_of(zones, 0) == nullptr);
    CHECK(zone_of(zones, next) == nullptr);
  }
}

TEST_CASE("each frame answers as its zone does") {
  const Zones zones = zones_of(kLarge);
  for (unsigned pfn = 0; pfn <= frames_of(kLarge); ++pfn) {
    CAPTURE(pfn);
    const Zone* const zone = zone_of(zones, pfn);
    const auto is_of = [&](auto memory) { return zone != nullptr && zone->memory == memory; };
    CHECK(is_zone_device_page<D>(pfn) == (zone != nullptr && zone->is_owned()));
    CHECK(is_device_private_page<D>(pfn) == is_of(Memory::device_private));
    CHECK(is_device_coherent_page<D>(pfn) == is_of(Memory::device_coherent));
    CHECK(is_system_page<D>(pfn) == is_of(Memory::system));
    CHECK(has_lru<D>(pfn) == is_of(Memory::system));
    for (unsigned d = 0; d < kLarge.devices; ++d)
      CHECK(is_memory_of<D>(pfn, d) == (zone != nullptr && zone->is_owned() && zone->owner == d));
    if (zone != nullptr && zone->is_owned()) CHECK(device_of<D>(pfn) == Small(zone->owner));
  }
}

// Memory that is plugged in later gets the frames behind the devices'.
TEST_CASE("a zone more makes no other zone's test true") {
  const Zones before = zones_of(kLarge);
  for (const Memory memory : {Memory::system, Memory::device_private, Memory::device_coherent}) {
    Zones after = before;
    after.add(memory, 1, 2);
    for (const auto is : {is_private, is_coherent, is_system}) {
      const auto is_in = [&](const Zones& zones, unsigned pfn) {
        return is_in_runs<D>(runs_of(zones, is), zones.last_pfn(), pfn);
      };
      for (unsigned pfn = 0; pfn <= before.last_pfn(); ++pfn)
        CHECK(is_in(after, pfn) == is_in(before, pfn));
      for (unsigned pfn = before.last_pfn() + 1; pfn <= after.last_pfn(); ++pfn)
        CHECK(is_in(after, pfn) == is(*(after.end() - 1)));
    }
  }
}

}  // namespace hmm
