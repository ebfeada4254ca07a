using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Real programs spend most of a test waiting for timers of their own.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]
