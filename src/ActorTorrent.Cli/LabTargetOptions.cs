using System.CommandLine;
using System.Net;
using ActorTorrent.Lab.Running;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>The options that put another client under load.</summary>
internal static class LabTargetOptions
{
    /// <summary><c>--target</c>.</summary>
    public static Option<string?> Target() => new("--target")
    {
        Description = "Put this client under load instead of the own engine: its address for peers. The peers dial it.",
        HelpName = "IP:PORT",
    };

    /// <summary><c>--torrent</c>.</summary>
    public static Option<string?> Torrent() => new("--torrent")
    {
        Description = "With --target: the torrent that it has; by default the scenario's own (see lab torrent).",
        HelpName = "FILE.torrent",
    };

    /// <summary><c>--pid</c>.</summary>
    public static Option<int?> Process() => NumberOption.Create("--pid", 1, int.MaxValue, "With --target: its process, to measure memory and processor time.");

    /// <summary>Reads them.</summary>
    /// <exception cref="InputException">One cannot be used.</exception>
    public static LabTarget? Read(string? target, string? torrent, int? process)
    {
        if (target is null)
        {
            return torrent is null && process is null ? null : throw new InputException("--torrent and --pid go with --target.");
        }
        if (!IPEndPoint.TryParse(target, out var endPoint) || endPoint.Port == 0)
            throw new InputException($"--target: '{target}' is not an address such as 127.0.0.1:51413.");
        byte[]? bytes = null;
        if (torrent is not null)
        {
            try
            {
                bytes = File.ReadAllBytes(torrent);
                TorrentFileParser.Parse(bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or TorrentFormatException)
            {
                throw new InputException($"--torrent: {torrent}: {e.Message}");
            }
        }
        return new LabTarget(endPoint) { Torrent = bytes, ProcessId = process };
    }
}
