using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>A file of <c>/proc</c> that is read again and again.</summary>
internal sealed class ProcFile(string path) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    private readonly byte[] _text = new byte[16 * 1024];
    private int _length;

    /// <summary>Reads it anew.</summary>
    /// <returns>Whether there was something; a process that ended has nothing.</returns>
    public bool Refresh()
    {
        try
        {
            _length = RandomAccess.Read(_file, _text, 0);
            return _length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The first number after a label; 0 when the label is not there.</summary>
    public long Number(ReadOnlySpan<byte> label)
    {
        var text = _text.AsSpan(0, _length);
        var at = text.IndexOf(label);
        if (at < 0)
            return 0;
        var rest = text[(at + label.Length)..].TrimStart(" \t"u8);
        return Utf8Parser.TryParse(rest, out long number, out _) ? number : 0;
    }

    public void Dispose() => _file.Dispose();
}
