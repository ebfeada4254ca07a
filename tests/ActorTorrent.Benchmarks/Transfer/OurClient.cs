using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Our own program: a published file, or an assembly that <c>dotnet</c> runs.</summary>
internal sealed class OurClient(string program) : IMeasuredClient
{
    private readonly string _program = IsAssembly(program) ? Programs.Dotnet : program;
    private readonly string[] _before = IsAssembly(program) ? [program] : [];

    public async Task<string> VersionAsync(CancellationToken stop) =>
        $"actortorrent {await PublishedProgram.OutputAsync(_program, [.. _before, "--version"], stop)}";

    public MeasuredRun Fetch(TransferScene scene, string folder) => Run(
        scene,
        ["download", scene.Content.Torrent, "--output", folder, .. scene.Peers.SelectMany(static peer => new[] { "--peer", peer })]);

    public MeasuredRun Seed(TransferScene scene) => Seed(scene, []);

    /// <summary>Starts it to serve the scene's content, with more options.</summary>
    public MeasuredRun Seed(TransferScene scene, params IEnumerable<string> more) =>
        Run(scene, ["seed", scene.Content.Torrent, "--data", scene.Content.Folder, .. more]);

    private OurRun Run(TransferScene scene, IEnumerable<string> arguments) =>
        new(ClientProcess.Start(
            "actortorrent",
            _program,
            [
                .. _before, .. arguments, "--port", "0", "--no-dht", "--json", "--state", scene.Make("state"),
                .. scene.Options.Profiles.SelectMany(static profile => new[] { "--profile", profile }),
            ],
            scene.Folder));

    private static bool IsAssembly(string program) => program.EndsWith(".dll", StringComparison.Ordinal);
}
