using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>A torrent to be added: a torrent file or a magnet link, and what is wanted of it.</summary>
public sealed record NewTorrent
{
    private NewTorrent()
    {
    }

    /// <summary>The torrent file; null for a magnet link.</summary>
    public TorrentMetainfo? Metainfo { get; private init; }

    /// <summary>The torrent file's bytes; null for a magnet link.</summary>
    public ReadOnlyMemory<byte>? File { get; private init; }

    /// <summary>The magnet link; null for a torrent file.</summary>
    public MagnetLink? Magnet { get; private init; }

    /// <summary>The torrent.</summary>
    public InfoHash InfoHash => Metainfo?.InfoHash ?? Magnet!.InfoHash;

    /// <summary>Where its files go, absolute; null for the session's folder.</summary>
    public string? DownloadFolder { get; init; }

    /// <summary>Whether it starts stopped; null for what the session does.</summary>
    public bool? IsPaused { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Connections at most.</summary>
    public int? MaxPeers { get; init; }

    /// <summary>Weight beside others: -1, 0 or 1.</summary>
    public int BandwidthPriority { get; init; }

    /// <summary>Pieces in order.</summary>
    public bool IsSequential { get; init; }

    /// <summary>How much each file is wanted, by its index.</summary>
    public IReadOnlyDictionary<int, FilePriority> Files { get; init; } = new Dictionary<int, FilePriority>();

    /// <summary>Peers to use.</summary>
    public IReadOnlyList<System.Net.IPEndPoint> Peers { get; init; } = [];

    /// <summary>A torrent of a torrent file's bytes.</summary>
    /// <exception cref="SessionException">They are none.</exception>
    public static NewTorrent OfFile(ReadOnlyMemory<byte> file)
    {
        try
        {
            return new NewTorrent { File = file, Metainfo = TorrentFileParser.Parse(file) };
        }
        catch (TorrentFormatException e)
        {
            throw new SessionException(SessionErrorKind.Invalid, e.Message);
        }
    }

    /// <summary>A torrent of a magnet link or a bare info hash.</summary>
    /// <exception cref="SessionException">It cannot be used.</exception>
    public static NewTorrent OfMagnet(string link)
    {
        try
        {
            return new NewTorrent { Magnet = MagnetLink.Parse(link) };
        }
        catch (MagnetFormatException e)
        {
            throw new SessionException(SessionErrorKind.Invalid, e.Message);
        }
    }
}
