using System.Buffers;
using System.Security.Cryptography;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Data;

/// <summary>
/// The files of a torrent, made from a seed: the same seed, names and sizes give the same bytes on any machine, and any block is made on
/// its own, so a swarm of seeders needs neither disk nor memory for it. Safe for use from several threads at once.
/// </summary>
public sealed class GeneratedContent
{
    private readonly RandomBytes _bytes;
    private readonly Lazy<TorrentMetainfo> _metainfo;
    private readonly Lazy<byte[]> _pieceHashes;
    private readonly Lazy<byte[][]> _sha256;

    /// <summary>Describes the content; nothing is made yet.</summary>
    /// <param name="name">The torrent's name; the folder that the files stand in.</param>
    /// <param name="seed">What decides every byte.</param>
    /// <param name="pieceLength">The size of a piece in bytes.</param>
    /// <param name="files">The files in their order; at least one.</param>
    public GeneratedContent(string name, ulong seed, int pieceLength, IReadOnlyList<GeneratedFile> files)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(files);
        Name = name;
        Seed = seed;
        _bytes = new RandomBytes(seed);
        var entries = new TorrentFileEntry[files.Count];
        var offset = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new TorrentFileEntry(i, [name, .. files[i].Path.Split('/')], files[i].Length, offset);
            offset += files[i].Length;
        }
        Layout = new FileLayout(entries, pieceLength);
        _metainfo = new Lazy<TorrentMetainfo>(() => TorrentFileParser.Parse(BuildTorrent()));
        _pieceHashes = new Lazy<byte[]>(HashPieces);
        _sha256 = new Lazy<byte[][]>(HashFiles);
    }

    /// <summary>The torrent's name.</summary>
    public string Name { get; }

    /// <summary>What decides every byte.</summary>
    public ulong Seed { get; }

    /// <summary>How the bytes fall on files, pieces and blocks.</summary>
    public FileLayout Layout { get; }

    /// <summary>The torrent without trackers, as read back from its file. The first use hashes everything, on all cores.</summary>
    public TorrentMetainfo Metainfo => _metainfo.Value;

    /// <summary>The torrent's info hash. The first use hashes everything, on all cores.</summary>
    public InfoHash InfoHash => Metainfo.InfoHash;

    /// <summary>Makes the bytes of a range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside the content.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Layout.TotalLength - destination.Length);
        _bytes.Fill(offset, destination);
    }

    /// <summary>The SHA-256 of a file. The first use hashes every file, on all cores.</summary>
    public ReadOnlySpan<byte> Sha256Of(int fileIndex) => _sha256.Value[fileIndex];

    /// <summary>Hashes every file now, so that <see cref="Sha256Of"/> and <see cref="Verify"/> need not.</summary>
    public void PrepareFileHashes() => _ = _sha256.Value;

    /// <summary>The bytes of a torrent file for this content.</summary>
    /// <param name="trackers">Trackers, each in a tier of its own; none for a torrent without.</param>
    public byte[] BuildTorrent(params IReadOnlyList<Uri> trackers)
    {
        ArgumentNullException.ThrowIfNull(trackers);
        var builder = new TorrentBuilder { Name = Name, PieceLength = Layout.PieceLength, PieceHashes = _pieceHashes.Value };
        foreach (var file in Layout.Files)
            builder.AddFile(file.Segments.Skip(1), file.Length);
        foreach (var tracker in trackers)
            builder.AddTier(tracker);
        return builder.Build();
    }

    /// <summary>Writes the files below a folder: what a client is given to seed.</summary>
    public async Task WriteFilesAsync(string folder, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            foreach (var file in Layout.Files)
            {
                var path = PathOf(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await using var stream = new FileStream(
                    path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
                for (var done = 0L; done < file.Length;)
                {
                    var chunk = buffer.AsMemory(0, (int)Math.Min(ChunkLength, file.Length - done));
                    Read(file.Offset + done, chunk.Span);
                    await stream.WriteAsync(chunk, cancellation);
                    done += chunk.Length;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the files below a folder back and checks the SHA-1 of every piece and the SHA-256 of every file, on all cores.</summary>
    public ContentVerdict Verify(string folder, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new ContentVerifier(this, folder).Run(cancellation);
    }

    /// <summary>Where a file stands below a folder.</summary>
    public static string PathOf(string folder, TorrentFileEntry file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Path.Combine([folder, .. file.Segments]);
    }

    internal const int ChunkLength = 1 << 20;

    private byte[] HashPieces()
    {
        var hashes = new byte[Layout.PieceCount * PieceHashes.HashLength];
        Parallel.For(0, Layout.PieceCount, index =>
        {
            var piece = new PieceIndex(index);
            var buffer = ArrayPool<byte>.Shared.Rent(Layout.PieceSize(piece));
            var bytes = buffer.AsSpan(0, Layout.PieceSize(piece));
            Read(Layout.PieceOffset(piece), bytes);
            SHA1.HashData(bytes, hashes.AsSpan(index * PieceHashes.HashLength, PieceHashes.HashLength));
            ArrayPool<byte>.Shared.Return(buffer);
        });
        return hashes;
    }

    private byte[][] HashFiles()
    {
        var hashes = new byte[Layout.Files.Count][];
        Parallel.ForEach(Layout.Files, file =>
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
            for (var done = 0L; done < file.Length;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkLength, file.Length - done));
                Read(file.Offset + done, chunk);
                sha.AppendData(chunk);
                done += chunk.Length;
            }
            ArrayPool<byte>.Shared.Return(buffer);
            hashes[file.Index] = sha.GetHashAndReset();
        });
        return hashes;
    }
}
