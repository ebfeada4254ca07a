using System.Collections;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// The file runs that make up a range of a torrent's bytes, in order, empty files left out. A <c>foreach</c> over it allocates nothing.
/// </summary>
public readonly struct FileSpanEnumerable : IEnumerable<FileSpan>
{
    private readonly FileLayout? _layout;
    private readonly long _offset;
    private readonly int _length;

    internal FileSpanEnumerable(FileLayout layout, long offset, int length)
    {
        _layout = layout;
        _offset = offset;
        _length = length;
    }

    /// <summary>Starts at the first run.</summary>
    public Enumerator GetEnumerator() => new(_layout, _offset, _length);

    IEnumerator<FileSpan> IEnumerable<FileSpan>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the runs.</summary>
    public struct Enumerator : IEnumerator<FileSpan>
    {
        private readonly FileLayout? _layout;
        private readonly long _start;
        private readonly int _length;
        private long _offset;
        private int _left;
        private int _file;

        internal Enumerator(FileLayout? layout, long offset, int length)
        {
            _layout = layout;
            _start = offset;
            _length = length;
            Reset();
        }

        /// <inheritdoc/>
        public FileSpan Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_left == 0 || _layout is null)
                return false;
            var file = _layout.Files[_file];
            while (file.Length == 0 || file.Offset + file.Length <= _offset)
                file = _layout.Files[++_file];
            var inFile = _offset - file.Offset;
            var take = (int)Math.Min(_left, file.Length - inFile);
            Current = new FileSpan(_file, inFile, take);
            _offset += take;
            _left -= take;
            return true;
        }

        /// <inheritdoc/>
        public void Reset()
        {
            _offset = _start;
            _left = _length;
            _file = _layout is null || _length == 0 ? 0 : _layout.FileAt(_start);
            Current = default;
        }

        /// <summary>Holds nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
