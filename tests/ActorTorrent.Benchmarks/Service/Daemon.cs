using System.Globalization;
using System.Text.Json;
using ActorTorrent.Benchmarks.Transfer;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>A daemon that speaks the Transmission RPC: how it is started, in a folder of its own, at a port that is free.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Start">Starts it. Takes its folder, where its torrents' files are, and its port.</param>
/// <param name="HasRest">Whether it has <c>/api/v1</c>, too.</param>
internal sealed record Daemon(string Name, Func<string, string, int, ClientProcess> Start, bool HasRest)
{
    /// <summary>The daemon that a client of <c>transfer</c> has.</summary>
    /// <param name="client">Which.</param>
    /// <param name="program">Our program.</param>
    /// <param name="profiles">Profiles that ours is started with.</param>
    public static Daemon Of(TransferClient client, string program, IReadOnlyList<string> profiles) => client switch
    {
        TransferClient.Ours => Ours(program, profiles),
        TransferClient.Transmission => Transmission(),
        _ => throw new InvalidOperationException($"{client} is no daemon with this RPC."),
    };

    /// <summary>Our program's <c>serve</c>.</summary>
    public static Daemon Ours(string program, IReadOnlyList<string> profiles) => new(
        "ActorTorrent",
        (folder, files, port) =>
        {
            var quiet = Path.Combine(folder, "quiet.hocon");
            Directory.CreateDirectory(folder);
            File.WriteAllText(quiet, "actortorrent { listen { port = 0 }, dht { enabled = false }, lsd { enabled = false } }\n");
            return ClientProcess.Start(
                "serve",
                program.EndsWith(".dll", StringComparison.Ordinal) ? Programs.Dotnet : program,
                [
                    .. program.EndsWith(".dll", StringComparison.Ordinal) ? [program] : Array.Empty<string>(),
                    "serve", "--data", Path.Combine(folder, "data"), "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
                    "--profile", quiet, .. profiles.SelectMany(static profile => new[] { "--profile", profile }),
                ],
                folder,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORTORRENT_ActorTorrent__DownloadFolder"] = files });
        },
        HasRest: true);

    /// <summary>Debian's transmission-daemon.</summary>
    public static Daemon Transmission() => new(
        "transmission-daemon",
        (folder, files, port) =>
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(
                Path.Combine(folder, "settings.json"),
                JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["bind-address-ipv4"] = "127.0.0.1",
                    ["bind-address-ipv6"] = "::1",
                    ["dht-enabled"] = false,
                    ["download-dir"] = files,
                    ["lpd-enabled"] = false,
                    ["message-level"] = 1,
                    ["peer-port"] = FreePort.Next(),
                    ["port-forwarding-enabled"] = false,
                    ["ratio-limit-enabled"] = false,
                    ["rpc-bind-address"] = "127.0.0.1",
                    ["rpc-enabled"] = true,
                    ["rpc-port"] = port,
                    ["rpc-whitelist"] = "127.0.0.1",
                    ["utp-enabled"] = false,
                }));
            return ClientProcess.Start(
                "transmission-daemon",
                Programs.TransmissionDaemon,
                ["--foreground", "--config-dir", folder],
                folder,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder });
        },
        HasRest: false);
}
