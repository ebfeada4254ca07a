using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Service.Listening;

/// <summary>Linux' way to wait for many sockets at once (epoll(7)), edge-triggered: each change is told once.</summary>
internal sealed class Epoll : IDisposable
{
    // <sys/epoll.h>
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const uint Error = 0x8;
    private const uint HungUp = 0x10;
    private const uint PeerEnded = 0x2000;
    private const uint EdgeTriggered = 1u << 31;

    private const int Interrupted = 4;
    private const int MostEvents = 64;

    // struct epoll_event is packed on x86-64, and nowhere else.
    private static readonly int KeyAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = KeyAt + sizeof(long);

    private readonly SafeFileHandle _handle;
    private readonly byte[] _events = new byte[MostEvents * EventLength];

    /// <exception cref="Win32Exception">The system has no room for another.</exception>
    public Epoll()
    {
        var descriptor = Create(CloseOnExec);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Watches a socket until it is closed or <see cref="Forget"/> is called.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="key">What its events are told with.</param>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void Watch(SafeHandle socket, long key)
    {
        Span<byte> what = stackalloc byte[EventLength];
        BinaryPrimitives.WriteUInt32LittleEndian(what, Readable | Writable | PeerEnded | EdgeTriggered);
        BinaryPrimitives.WriteInt64LittleEndian(what[KeyAt..], key);
        if (Control(_handle, Add, socket, ref MemoryMarshal.GetReference(what)) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Watches a socket no more.</summary>
    public void Forget(SafeHandle socket)
    {
        Span<byte> what = stackalloc byte[EventLength];
        // One that is not watched is forgotten already.
        _ = Control(_handle, Remove, socket, ref MemoryMarshal.GetReference(what));
    }

    /// <summary>Waits until something happened. For one thread.</summary>
    /// <returns>How many events there are.</returns>
    /// <exception cref="Win32Exception">Waiting failed.</exception>
    public int Wait()
    {
        while (true)
        {
            var count = Wait(_handle, ref _events[0], MostEvents, Timeout.Infinite);
            if (count >= 0)
                return count;
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new Win32Exception(error);
        }
    }

    /// <summary>One of the events of the last <see cref="Wait()"/>.</summary>
    public SocketEvent this[int at]
    {
        get
        {
            var happened = _events.AsSpan(at * EventLength, EventLength);
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(happened);
            var isEnding = (bits & (Error | HungUp | PeerEnded)) != 0;
            return new SocketEvent(
                BinaryPrimitives.ReadInt64LittleEndian(happened[KeyAt..]), isEnding || (bits & Readable) != 0, isEnding || (bits & Writable) != 0, isEnding);
        }
    }

    public void Dispose() => _handle.Dispose();

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle epoll, int operation, SafeHandle socket, ref byte what);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Wait(SafeFileHandle epoll, ref byte events, int most, int milliseconds);
}
