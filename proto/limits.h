// Every limit of the pipeline, named once, with its reason and its relations. Sizes in bytes, times in microseconds
// unless the name says otherwise. Reaching a limit is an error path with a test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zaojing::limits {

inline constexpr int64_t kSecond = 1'000'000;
inline constexpr int64_t kMinute = 60 * kSecond;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;
inline constexpr int64_t kWeek = 7 * kDay;

// Decode: checked before the parser runs, so that hostile bytes cost little.
inline constexpr size_t kRecordBytesMax = 256 * 1024;
inline constexpr size_t kKeyBytesMax = 512;
inline constexpr int kNestingDepthMax = 16;
inline constexpr size_t kIdBytesMax = 128;                           // event ids, listing ids, case numbers, platforms
inline constexpr size_t kNameBytesMax = 1024;                        // makers, models, problems, titles
inline constexpr size_t kTextBytesMax = 64 * 1024;                   // free text of a complaint
inline constexpr int kModelsMax = 4096;                              // models of one certificate
inline constexpr size_t kModelVariantsMax = 64;                      // ways to read the brackets of one model
inline constexpr int kProductCodesMax = 64;                          // further codes one credential covers
inline constexpr int kCategoriesMax = 1024;                          // platform categories of one product code
inline constexpr uint64_t kYearlyProductionMax = 1'000'000'000'000;  // pieces; more is a typing error
inline constexpr int kDecisionRowsMax = 250;                         // a row's number fits a byte
inline constexpr int64_t kInstructionTermMax = 366 * kDay;  // to carry out or to report; more is a typing error
inline constexpr uint32_t kAppealDaysMax = 366;             // as above, in the law's units
inline constexpr uint32_t kAppealMonthsMax = 24;
inline constexpr size_t kAppealTextBytesMax = 1024;            // every instruction carries one
inline constexpr int kInspectionItemsMax = 256;                // items of one sample
inline constexpr int kRecalledProductsMax = 1024;              // lines of one recall
inline constexpr int64_t kFutureMax = 5 * kMinute;             // received_at after the Kafka timestamp
inline constexpr int64_t kTimeMin = -2'208'988'800 * kSecond;  // 1900-01-01: older occurrence dates are typing errors
inline constexpr int64_t kTimeMax = 4'102'444'800 * kSecond;   // 2100-01-01

// `generate`, of the nation: below, some kind of listing would have nobody; above, certificates' serials would run out.
inline constexpr double kGeneratedScaleMin = 0.0005;
inline constexpr double kGeneratedScaleMax = 10;

// A dead letter carries the original bytes; a larger record is cut here and its size kept.
inline constexpr size_t kDeadLetterValueBytesMax = 900 * 1024;
inline constexpr size_t kDeadLetterDetailBytesMax = 512;

// Alerts.
inline constexpr uint32_t kBaselineWeeksMax = 520;    // of a surge rule: what a subject's series must remember
inline constexpr size_t kEvidenceMax = 20;            // the first 10 and the newest 10 event ids
inline constexpr size_t kMerchantHashesMax = 10'000;  // of one alert; beyond, their number is estimated to about 1 %
inline constexpr size_t kPlatformsMax = 256;
inline constexpr size_t kInstructionNamesMax = 64;  // remembered of one listing; each takes 8 bytes
inline constexpr size_t kShownListingsMax = 2'000;  // of one certificate and task, looked at for their sellers
inline constexpr size_t kShownMerchantsMax = 500;   // kept of one certificate and task

// Counters of look-ups in screen's state: what a report of the last two months needs.
inline constexpr int64_t kTallyDaysKept = 62;
inline constexpr size_t kTallyDropsMax = 100'000;  // deleted in one day roll, of each table

// Statistics. Reports of one table, and the sum of its counts: the product of two such counts is exact in int64.
inline constexpr int64_t kReportCountMax = 2'147'483'647;
inline constexpr int kPriorFitIterationsMax = 500;  // per start; a fit that needs more has not converged

// Tasks and lanes.
inline constexpr int kTasksPerLaneMax = 8;
inline constexpr int kPartitionsMax = 1024;
inline constexpr size_t kPollRecordsMax = 20'000;    // records of one step
inline constexpr size_t kRecordsWithinBound = 256;   // judged between two looks at the memory that they brought in
inline constexpr size_t kSliceListingsMax = 2'000;   // listings judged in one slice
inline constexpr uint64_t kJobListings = 20;         // what a job takes beside its listings, in listings
inline constexpr size_t kVerifyEntriesMax = 50'000;  // entries digested in one step after a rebuild
inline constexpr size_t kTransactionRecordsMax = 400'000;
inline constexpr size_t kTransactionBytesMax = 64 * 1024 * 1024;  // overlay and outputs together
inline constexpr int64_t kCommitIntervalMax = 1 * kSecond;
inline constexpr int64_t kFlushIntervalMax = 30 * kSecond;  // store flushed at least this often
inline constexpr uint64_t kFlushRecordsMax = 500'000;       // or after so many changelog records
inline constexpr int64_t kTickInterval = kSecond;           // under clock: wall
inline constexpr int64_t kTickCommitInterval = kMinute;  // ticks of which nothing came: nobody waits for their commit
inline constexpr size_t kRedriveRecordsMax = 2'000;      // dead letters put back in one transaction
inline constexpr size_t kRedriveBytesMax = 16 * 1024 * 1024;
inline constexpr int kRedriveAttemptsMax = 5;  // at one transaction
inline constexpr int64_t kTransactionTimeout = 10 * kSecond;
inline constexpr int64_t kSessionTimeout = 10 * kSecond;
inline constexpr int64_t kWatchdogTimeout = 30 * kSecond;             // a lane stuck in one call for so long is ended
inline constexpr size_t kStoreWriteBufferBytesMin = 1 * 1024 * 1024;  // memtable of one task, whatever the budget
inline constexpr size_t kStoreWriteBufferBytesMax = 64 * 1024 * 1024;
inline constexpr size_t kStoreFreeBytesMin = kStoreWriteBufferBytesMax;  // on the disk: a flush of the largest memtable
inline constexpr size_t kStoreBulkMin = 10'000;  // entries of one batch that are written as a file of their own
inline constexpr int kStoreOpenFilesMax = 512;   // file descriptors of one task
// Certificates whose histories and scopes are always in memory: more than a nation has. Those after them are in scratch.
inline constexpr size_t kRegistryNear = 1'000'000;
inline constexpr size_t kCopyChunkBytes = 256 * 1024;  // of the registry copy: read and written at once
inline constexpr size_t kCopyWriteBufferBytes =
    16 * 1024 * 1024;                                       // a kill loses at most two of them, read again from Kafka
inline constexpr int64_t kBrokerCallTimeout = 5 * kSecond;  // one question to the broker
inline constexpr int64_t kCommitSlow = 2 * kSecond;         // a commit slower than this may have been sent twice
inline constexpr int64_t kRetryBackoff =
    5'000;  // also librdkafka's: its default of 100 ms is paid on most transactions
inline constexpr int64_t kRetryDeadline = 60 * kSecond;  // longer than any failover: then the supervisor
inline constexpr int64_t kAbortBackoffMin = 20'000;      // after an aborted transaction, doubled in a row
inline constexpr int64_t kAbortBackoffMax = 1 * kSecond;
inline constexpr int kAbortsInRowMax = 16;
inline constexpr int64_t kIdleWait = 2'000;                           // a poll waits so long when nothing was ready
inline constexpr size_t kCommitBytes = kTransactionBytesMax / 4 * 3;  // commit early when so much is pending
inline constexpr size_t kCommitRecords = kTransactionRecordsMax / 4 * 3;
inline constexpr int kRebuildsMax = 3;  // of one task without a commit between
inline constexpr int kCrashesBeforeBlame = 3;
inline constexpr uint64_t kDeadLetterBreakerMin = 100;  // the breaker looks only at batches with so many
inline constexpr double kDeadLetterBreakerShare = 0.5;  // more bad than this: stop, the schema is wrong

// Estimators (processors/stats). Sums of squares of a full baseline of the largest counts stay far inside 128 bits.
inline constexpr int64_t kSeriesCountMax = 1'000'000'000;  // events of one step
inline constexpr size_t kBaselineMax = 100'000;            // steps of one reference set
inline constexpr size_t kPeriodMax = 8'784;                // steps a year: hours of a leap year
inline constexpr size_t kYearsBackMax = 100;
inline constexpr size_t kHarmonicsMax = 16;
inline constexpr double kSprtHorizonMax = 2'000;  // expected events; the recursion is quadratic in it
inline constexpr int kSprtCasesMax = 100;
inline constexpr size_t kScanCellsMax = 50'000'000;  // zones x durations, and locations x steps
inline constexpr int kScanReplicatesMax = 1'000'000;
inline constexpr int64_t kStepMax = int64_t{1} << 60;  // steps and times that cannot overflow
inline constexpr size_t kStepsKeptMax = 300'000;       // baseline, lag and depth of a stream together

static_assert(kRecordBytesMax < kDeadLetterValueBytesMax, "a record of legal size is dead-lettered whole");
static_assert(kCommitIntervalMax < kTransactionTimeout, "a transaction must end before the broker ends it");
static_assert(kCommitSlow < kTransactionTimeout && kBrokerCallTimeout < kWatchdogTimeout, "answers before verdicts");
static_assert(kTransactionTimeout < kWatchdogTimeout, "the broker's verdict comes before ours");
static_assert(kCopyWriteBufferBytes <= kStoreFreeBytesMin, "what is asked to be free holds a flush");
static_assert(kTransactionTimeout < kRetryDeadline, "an open transaction of a dead owner ends while we wait");
static_assert(kTransactionRecordsMax >= 10 * kPollRecordsMax, "a batch never fills a transaction");

}  // namespace zaojing::limits
