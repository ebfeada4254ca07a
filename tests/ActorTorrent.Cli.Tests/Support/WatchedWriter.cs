using System.Text;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>Keeps what is printed and lets a test wait for a part of it.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Part, TaskCompletionSource Found)> _waiting = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Completes once a part was printed.</summary>
    public Task Until(string part)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_text.ToString().Contains(part, StringComparison.Ordinal))
                found.SetResult();
            else
                _waiting.Add((part, found));
        }
        return found.Task;
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
            if (_waiting.Count == 0)
                return;
            var text = _text.ToString();
            foreach (var (part, found) in _waiting)
            {
                if (text.Contains(part, StringComparison.Ordinal))
                    found.TrySetResult();
            }
            _waiting.RemoveAll(static waiter => waiter.Found.Task.IsCompleted);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override string ToString()
    {
        lock (_gate)
            return _text.ToString();
    }
}
