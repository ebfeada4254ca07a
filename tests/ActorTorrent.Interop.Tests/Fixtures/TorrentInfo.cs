using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>A torrent's <c>info</c> as raw bytes, to be wrapped with whatever tracker a test starts.</summary>
public sealed class TorrentInfo
{
    private readonly byte[] _info;

    private TorrentInfo(byte[] info)
    {
        _info = info;
        InfoHash = Convert.ToHexStringLower(SHA1.HashData(info));
    }

    /// <summary>Forty hexadecimal digits.</summary>
    public string InfoHash { get; }

    /// <summary>Takes it from a file whose last key is <c>info</c>, as mktorrent writes it.</summary>
    public static TorrentInfo FromFile(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf("4:infod"u8);
        return at > 0 && bytes[^1] == (byte)'e'
            ? new TorrentInfo(bytes[(at + 6)..^1])
            : throw new InvalidOperationException($"{path} holds no info where one was expected");
    }

    /// <summary>The paths below the root folder, in the torrent's order.</summary>
    public IReadOnlyList<string> Files()
    {
        List<string> files = [];
        var rest = _info.AsSpan();
        while (rest.IndexOf("4:pathl"u8) is >= 0 and var at)
        {
            rest = rest[(at + 7)..];
            List<string> names = [];
            while (rest[0] != (byte)'e')
            {
                var colon = rest.IndexOf((byte)':');
                var end = colon + 1 + int.Parse(rest[..colon], CultureInfo.InvariantCulture);
                names.Add(Encoding.UTF8.GetString(rest[(colon + 1)..end]));
                rest = rest[end..];
            }

            files.Add(string.Join('/', names));
        }

        return files;
    }

    /// <summary>A magnet link of it: its info hash, and nothing else than what is given to begin with.</summary>
    public string Magnet(string? tracker = null, string? peer = null) =>
        $"magnet:?xt=urn:btih:{InfoHash}{(tracker is null ? "" : "&tr=" + Uri.EscapeDataString(tracker))}{(peer is null ? "" : "&x.pe=" + peer)}";

    /// <summary>Writes a torrent file of this content, announced to <paramref name="tracker"/> if there is one.</summary>
    public string WriteTo(string path, string? tracker = null)
    {
        using var file = File.Create(path);
        file.Write("d"u8);
        if (tracker is not null)
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"8:announce{tracker.Length}:{tracker}")));
        file.Write("4:info"u8);
        file.Write(_info);
        file.Write("e"u8);
        return path;
    }
}
