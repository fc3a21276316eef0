#include "app/registry_files.h"

#include "app/event_source.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status ReadRegistry(const std::string& directory, Registry& registry, v1::Summary* summary) {
  for (const Topic topic : kReferenceTopics) {
    ASSIGN_OR_RETURN(auto file, EventFile::Open(directory, topic));
    EventSource source(std::move(file));
    SourceItem item;
    for (;;) {
      ASSIGN_OR_RETURN(const bool more, source.Next(&item));
      if (!more) break;
      if (item.rejected) {
        registry.AppendRejected(item.record, *item.rejected);
      } else {
        registry.Append(item.record);
      }
    }
    if (summary == nullptr || source.records_read() == 0) continue;
    v1::TopicCount* count = summary->add_inputs();
    count->set_topic(std::string(NameOf(topic)));
    count->set_records(source.records_read());
  }
  return absl::OkStatus();
}

}  // namespace zaojing
