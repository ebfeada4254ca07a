namespace ActorTorrent.Wire.Metainfo;

/// <summary>Paths by their segments, to find two that cannot both exist. Memory and time are linear in the segments added.</summary>
internal sealed class PathSet
{
    private readonly Dictionary<(int Folder, string Segment), int> _nodes = [];
    private readonly List<bool> _isFile = [false];

    /// <summary>Adds a file's path; returns why it cannot stand beside those before it, or null.</summary>
    public string? Add(ReadOnlySpan<string> segments)
    {
        var node = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (!_nodes.TryGetValue((node, segments[i]), out var next))
            {
                next = _isFile.Count;
                _nodes.Add((node, segments[i]), next);
                _isFile.Add(isLast);
            }
            else if (_isFile[next])
                return isLast ? "is the path of another file too" : $"goes through '{segments[i]}', which is a file";
            else if (isLast)
                return "is the folder of another file";
            node = next;
        }
        return null;
    }
}
