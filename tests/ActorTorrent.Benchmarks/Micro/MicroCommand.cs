using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>
/// The command <c>micro</c>: single steps of the data path, with what they allocate. They run in this process: the project that
/// BenchmarkDotNet would generate for a process of its own would be built by this repository's rules, which it does not meet.
/// </summary>
internal static class MicroCommand
{
    public const string Usage = "usage: micro --filter '*' [BenchmarkDotNet's arguments]";

    public static int Run(string[] arguments)
    {
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(8)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(200));
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .HideColumns("Job", "Error", "RatioSD", "Gen0", "Gen1", "Gen2", "IterationCount", "IterationTime", "WarmupCount", "Toolchain")
            .AddExporter(MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Path.Combine(Transfer.PublishedProgram.Root(), "artifacts", "bench", "micro"));
        return BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments, config).Any(static s => s.HasCriticalValidationErrors) ? 1 : 0;
    }
}
