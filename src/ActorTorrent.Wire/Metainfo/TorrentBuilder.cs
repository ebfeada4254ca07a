using BencodeNET.Objects;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// Makes torrent files (BEP 3, version 1) from what is already known: names, lengths and piece hashes. Touches no file. The result is
/// canonical: keys sorted, nothing optional that was not set.
/// </summary>
public sealed class TorrentBuilder
{
    private readonly List<(string[] Segments, long Length, bool IsPadding)> _files = [];
    private readonly List<Uri[]> _tiers = [];
    private readonly List<Uri> _webSeeds = [];

    /// <summary>The file's name, or for several files the folder's.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The size of every piece but the last, in bytes; 256 KiB unless set.</summary>
    public int PieceLength { get; set; } = 256 * 1024;

    /// <summary>The SHA-1 of every piece, 20 bytes each, end to end.</summary>
    public ReadOnlyMemory<byte> PieceHashes { get; set; }

    /// <summary>Whether peers come from the trackers alone (BEP 27).</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Whether <c>private</c> is written as 0 too when <see cref="IsPrivate"/> is not set; it changes the info hash.</summary>
    public bool StatesNotPrivate { get; set; }

    /// <summary>A remark.</summary>
    public string? Comment { get; set; }

    /// <summary>The program that makes it.</summary>
    public string? CreatedBy { get; set; }

    /// <summary>When it was made; whole seconds.</summary>
    public DateTimeOffset? CreationDate { get; set; }

    /// <summary>Where it will be published; part of the info hash.</summary>
    public string? Source { get; set; }

    /// <summary>Adds a file. Without segments it is the torrent's only one, and <see cref="Name"/> is its name.</summary>
    /// <param name="segments">The path below the folder <see cref="Name"/>; empty for a single-file torrent.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="isPadding">Whether it is padding (BEP 47).</param>
    public TorrentBuilder AddFile(IEnumerable<string> segments, long length, bool isPadding = false)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _files.Add(([.. segments], length, isPadding));
        return this;
    }

    /// <summary>Adds a tier of trackers (BEP 12) after those already there.</summary>
    public TorrentBuilder AddTier(params ReadOnlySpan<Uri> trackers)
    {
        if (trackers.Length > 0)
            _tiers.Add(trackers.ToArray());
        return this;
    }

    /// <summary>Adds an HTTP server that holds the files (BEP 19).</summary>
    public TorrentBuilder AddWebSeed(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        _webSeeds.Add(url);
        return this;
    }

    /// <summary>The torrent file's bytes, which <see cref="TorrentFileParser"/> accepts.</summary>
    /// <exception cref="TorrentFormatException">What was set makes no acceptable torrent; the message says why.</exception>
    /// <exception cref="InvalidOperationException">No file was added, or a file without segments is not the only one.</exception>
    public byte[] Build()
    {
        if (_files.Count == 0)
            throw new InvalidOperationException("A torrent needs a file; add one.");
        if (_files.Count > 1 && _files.Any(file => file.Segments.Length == 0))
            throw new InvalidOperationException("Of several files each needs a path.");
        var root = new BDictionary { ["info"] = Info() };
        if (_tiers.Count > 0)
            root["announce"] = new BString(_tiers[0][0].AbsoluteUri);
        if (_tiers.Count > 1 || (_tiers.Count == 1 && _tiers[0].Length > 1))
            root["announce-list"] = new BList(_tiers.Select(tier => (IBObject)new BList(tier.Select(tracker => tracker.AbsoluteUri))));
        if (_webSeeds.Count > 0)
            root["url-list"] = new BList(_webSeeds.Select(seed => seed.AbsoluteUri));
        if (Comment is not null)
            root["comment"] = new BString(Comment);
        if (CreatedBy is not null)
            root["created by"] = new BString(CreatedBy);
        if (CreationDate is { } date)
            root["creation date"] = new BNumber(date.ToUnixTimeSeconds());
        var bytes = root.EncodeAsBytes();
        _ = TorrentFileParser.Parse(bytes);
        return bytes;
    }

    private BDictionary Info()
    {
        var info = new BDictionary
        {
            ["name"] = new BString(Name),
            ["piece length"] = new BNumber(PieceLength),
            ["pieces"] = new BString(PieceHashes.ToArray()),
        };
        if (IsPrivate || StatesNotPrivate)
            info["private"] = new BNumber(IsPrivate ? 1 : 0);
        if (Source is not null)
            info["source"] = new BString(Source);
        if (_files[0].Segments.Length == 0)
            info["length"] = new BNumber(_files[0].Length);
        else
            info["files"] = new BList(_files.Select(File));
        return info;
    }

    private static IBObject File((string[] Segments, long Length, bool IsPadding) file)
    {
        var entry = new BDictionary
        {
            ["length"] = new BNumber(file.Length),
            ["path"] = new BList(file.Segments),
        };
        if (file.IsPadding)
            entry["attr"] = new BString("p");
        return entry;
    }
}
