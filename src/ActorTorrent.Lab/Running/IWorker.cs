using System.Threading.Channels;

namespace ActorTorrent.Lab.Running;

/// <summary>A helper of a run, in a process of its own or in this one: a line in is an order, a line out is a report.</summary>
public interface IWorker : IAsyncDisposable
{
    /// <summary>What it reports; ends when it does.</summary>
    ChannelReader<string> Reports { get; }

    /// <summary>Gives it an order.</summary>
    /// <param name="order">One line.</param>
    ValueTask TellAsync(string order);

    /// <summary>Ends it at once, without a good-bye to anybody; one in this process can only be ended in order.</summary>
    void Kill();
}
