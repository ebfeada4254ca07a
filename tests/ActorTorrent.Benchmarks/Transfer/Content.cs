using System.Globalization;
using System.Security.Cryptography;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Content to transfer, made from a seed, on disk with its torrents.</summary>
internal sealed class Content
{
    private readonly GeneratedContent _content;

    private Content(GeneratedContent content, string folder)
    {
        _content = content;
        Folder = folder;
        Torrent = Path.Combine(folder, "plain.torrent");
    }

    /// <summary>The folder that the torrent's own folder lies in.</summary>
    public string Folder { get; }

    /// <summary>A torrent without trackers.</summary>
    public string Torrent { get; }

    public Wire.Metainfo.InfoHash InfoHash => _content.InfoHash;

    public long Length => _content.Layout.TotalLength;

    public static async Task<Content> MakeAsync(string folder, long size, int pieceLength, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"content-{size}");
        var generated = new GeneratedContent(name, seed: 5, pieceLength, [new GeneratedFile("content.bin", size)]);
        generated.PrepareFileHashes();
        Directory.CreateDirectory(folder);
        await generated.WriteFilesAsync(folder, stop);
        var content = new Content(generated, folder);
        await File.WriteAllBytesAsync(content.Torrent, generated.BuildTorrent(), stop);
        return content;
    }

    /// <summary>Writes a torrent of this content that names a tracker.</summary>
    public void WriteTorrent(string path, Uri tracker) => File.WriteAllBytes(path, _content.BuildTorrent(tracker));

    /// <summary>Checks the SHA-256 of every file below a folder.</summary>
    /// <exception cref="InvalidDataException">One differs or is missing.</exception>
    public async Task VerifyAsync(string folder, CancellationToken stop)
    {
        foreach (var file in _content.Layout.Files)
        {
            var path = GeneratedContent.PathOf(folder, file);
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20);
            var hash = await SHA256.HashDataAsync(stream, stop);
            if (stream.Length != file.Length || !hash.AsSpan().SequenceEqual(_content.Sha256Of(file.Index)))
                throw new InvalidDataException($"{path} differs from what was sent.");
        }
    }
}
