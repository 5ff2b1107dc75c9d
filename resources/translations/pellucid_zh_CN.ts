<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>AddressRow</name>
        <message>
            <source>Not an address</source>
            <translation>不是有效的地址</translation>
        </message>
    </context>
    <context>
        <name>AnswerActions</name>
        <message>
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <source>Copy answer</source>
            <translation>复制回答</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>重新回答</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
        <message>
            <source>Continue in a new chat</source>
            <translation>在新对话中继续</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>Hide statistics</source>
            <translation>隐藏统计</translation>
        </message>
        <message>
            <source>Show statistics</source>
            <translation>显示统计</translation>
        </message>
        <message>
            <source>Copy thought</source>
            <translation>复制思考</translation>
        </message>
        <message>
            <source>Delete answer</source>
            <translation>删除回答</translation>
        </message>
    </context>
    <context>
        <name>AppearanceForm</name>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Match system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <source>Type and spacing together; Ctrl+Plus and Ctrl+Minus</source>
            <translation>文字与间距一起缩放，也可按 Ctrl+加号、Ctrl+减号</translation>
        </message>
        <message>
            <source>Size in per cent</source>
            <translation>大小（百分比）</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1%</translation>
        </message>
        <message>
            <source>High contrast</source>
            <translation>高对比度</translation>
        </message>
        <message>
            <source>Darker secondary text and stronger lines</source>
            <translation>次要文字更深，线条更清晰</translation>
        </message>
        <message>
            <source>Reduce motion</source>
            <translation>减少动效</translation>
        </message>
        <message>
            <source>Nothing fades, folds or blinks</source>
            <translation>不淡入、不折叠动画、不闪烁</translation>
        </message>
    </context>
    <context>
        <name>AskService</name>
        <message>
            <source>All documents</source>
            <translation>全部文档</translation>
        </message>
    </context>
    <context>
        <name>AttachButton</name>
        <message>
            <source>Ask documents</source>
            <translation>向文档提问</translation>
        </message>
        <message>
            <source>Attach files…</source>
            <translation>附上文件…</translation>
        </message>
        <message>
            <source>Ask all documents</source>
            <translation>向全部文档提问</translation>
        </message>
        <message>
            <source>Ask %1</source>
            <translation>向“%1”提问</translation>
        </message>
        <message>
            <source>All documents…</source>
            <translation>全部文档…</translation>
        </message>
    </context>
    <context>
        <name>AttachmentChips</name>
        <message>
            <source>Documents asked</source>
            <translation>提问的文档</translation>
        </message>
        <message>
            <source>Do not ask %1</source>
            <translation>不再向“%1”提问</translation>
        </message>
        <message>
            <source>Remove %1 from this chat</source>
            <translation>从此对话中移除“%1”</translation>
        </message>
    </context>
    <context>
        <name>BlockItem</name>
        <message>
            <source>Done</source>
            <translation>已完成</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>未完成</translation>
        </message>
    </context>
    <context>
        <name>BranchSwitcher</name>
        <message>
            <source>Version %1 of %2</source>
            <translation>第 %1 个版本，共 %2 个</translation>
        </message>
        <message>
            <source>Earlier version</source>
            <translation>上一个版本</translation>
        </message>
        <message>
            <source>%1 / %2</source>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>Later version</source>
            <translation>下一个版本</translation>
        </message>
    </context>
    <context>
        <name>CacheChoice</name>
        <message>
            <source>16 bit keeps the context as the model made it</source>
            <translation>16 位按模型产生的精度保存上下文</translation>
        </message>
        <message>
            <source>8 bit takes about half the memory of 16 bit, at next to no cost</source>
            <translation>8 位约占 16 位一半的内存，几乎没有损失</translation>
        </message>
        <message>
            <source>8 bit float takes about half the memory, and is a little less exact than 8 bit</source>
            <translation>8 位浮点约占一半内存，精度比 8 位略低</translation>
        </message>
        <message>
            <source>4 bit takes just over a quarter, and is slightly less exact</source>
            <translation>4 位只占四分之一多一点，精度略低</translation>
        </message>
        <message>
            <source>3 bit takes a fifth and costs the most: for when nothing else fits</source>
            <translation>3 位只占五分之一，损失最大，仅在内存实在不够时使用</translation>
        </message>
        <message>
            <source>Context cache</source>
            <translation>上下文缓存</translation>
        </message>
        <message>
            <source>16 bit</source>
            <translation>16 位</translation>
        </message>
        <message>
            <source>8 bit</source>
            <translation>8 位</translation>
        </message>
        <message>
            <source>8 bit float</source>
            <translation>8 位浮点</translation>
        </message>
        <message>
            <source>4 bit</source>
            <translation>4 位</translation>
        </message>
        <message>
            <source>3 bit</source>
            <translation>3 位</translation>
        </message>
    </context>
    <context>
        <name>ChatHeader</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Context %L1 of %L2</source>
            <translation>上下文 %L1 / %L2</translation>
        </message>
        <message>
            <source>Context in use</source>
            <translation>已用上下文</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>导出</translation>
        </message>
        <message>
            <source>Markdown…</source>
            <translation>Markdown…</translation>
        </message>
        <message>
            <source>JSON…</source>
            <translation>JSON…</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>Choose a model…</source>
            <translation>选择模型…</translation>
        </message>
        <message>
            <source>Model: %1…</source>
            <translation>模型：%1…</translation>
        </message>
        <message>
            <source>Export as Markdown…</source>
            <translation>导出为 Markdown…</translation>
        </message>
        <message>
            <source>Copy the whole chat</source>
            <translation>复制整个对话</translation>
        </message>
        <message>
            <source>What the model reads…</source>
            <translation>模型读到的内容…</translation>
        </message>
        <message>
            <source>Hide statistics</source>
            <translation>隐藏统计</translation>
        </message>
        <message>
            <source>Show statistics</source>
            <translation>显示统计</translation>
        </message>
        <message>
            <source>Delete chat</source>
            <translation>删除对话</translation>
        </message>
    </context>
    <context>
        <name>ChatList</name>
        <message>
            <source>Conversation</source>
            <translation>对话内容</translation>
        </message>
        <message>
            <source>Messages</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Latest</source>
            <translation>最新</translation>
        </message>
    </context>
    <context>
        <name>ChatPage</name>
        <message>
            <source>This model continues text; it has not learned to chat.</source>
            <translation>这个模型只会续写文字，没有学过对话。</translation>
        </message>
        <message>
            <source>What are you thinking about?</source>
            <translation>在想什么？</translation>
        </message>
        <message>
            <source>Drop to ask these documents in this chat</source>
            <translation>松开即可在此对话中向这些文档提问</translation>
        </message>
    </context>
    <context>
        <name>CodeBlock</name>
        <message>
            <source>Code</source>
            <translation>代码</translation>
        </message>
        <message>
            <source>Code, %1</source>
            <translation>代码，%1</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <source>Copy code</source>
            <translation>复制代码</translation>
        </message>
        <message numerus="yes">
            <source>Show %n more line(s)</source>
            <translation>
                <numerusform>再显示 %n 行</numerusform>
            </translation>
        </message>
        <message>
            <source>Show less</source>
            <translation>收起</translation>
        </message>
    </context>
    <context>
        <name>Composer</name>
        <message>
            <source>Message</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Reply, or wait for the answer</source>
            <translation>可以先写下一条，或等待回答</translation>
        </message>
        <message>
            <source>Text for the model to continue</source>
            <translation>输入文字，让模型接着写</translation>
        </message>
        <message>
            <source>Ask anything</source>
            <translation>想问什么都可以</translation>
        </message>
        <message>
            <source>Reply</source>
            <translation>回复</translation>
        </message>
        <message>
            <source>Ask about this document</source>
            <translation>就这份文档提问</translation>
        </message>
        <message>
            <source>Ask about these documents</source>
            <translation>就这些文档提问</translation>
        </message>
    </context>
    <context>
        <name>ConversationList</name>
        <message>
            <source>Search results</source>
            <translation>搜索结果</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
    </context>
    <context>
        <name>ConversationMenu</name>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>取消置顶</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>置顶</translation>
        </message>
        <message>
            <source>Put in a folder…</source>
            <translation>放入文件夹…</translation>
        </message>
        <message>
            <source>Move to another folder…</source>
            <translation>移到其他文件夹…</translation>
        </message>
        <message>
            <source>Take out of “%1”</source>
            <translation>移出“%1”</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
        <message>
            <source>Del</source>
            <translation>Del</translation>
        </message>
    </context>
    <context>
        <name>ConversationRow</name>
        <message>
            <source>%1, answering</source>
            <translation>%1，正在回答</translation>
        </message>
        <message>
            <source>Actions for %1</source>
            <translation>“%1”的操作</translation>
        </message>
        <message>
            <source>Name of the chat</source>
            <translation>对话名称</translation>
        </message>
    </context>
    <context>
        <name>DeviceChoice</name>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
    </context>
    <context>
        <name>DocumentChooser</name>
        <message>
            <source>Choose documents</source>
            <translation>选择文档</translation>
        </message>
        <message>
            <source>Choose a folder to follow</source>
            <translation>选择要跟踪的文件夹</translation>
        </message>
    </context>
    <context>
        <name>DocumentHeader</name>
        <message>
            <source>Back to the chat</source>
            <translation>返回对话</translation>
        </message>
        <message>
            <source>Previous page</source>
            <translation>上一页</translation>
        </message>
        <message>
            <source>This is the first page</source>
            <translation>这是第一页</translation>
        </message>
        <message>
            <source>Next page</source>
            <translation>下一页</translation>
        </message>
        <message>
            <source>This is the last page</source>
            <translation>这是最后一页</translation>
        </message>
        <message>
            <source>Smaller</source>
            <translation>缩小</translation>
        </message>
        <message>
            <source>Smaller it cannot be read</source>
            <translation>再小就看不清了</translation>
        </message>
        <message>
            <source>%1%</source>
            <translation>%1%</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>放大</translation>
        </message>
        <message>
            <source>This is the largest size</source>
            <translation>已是最大</translation>
        </message>
        <message>
            <source>Darken pages</source>
            <translation>调暗页面</translation>
        </message>
        <message>
            <source>Search the document</source>
            <translation>在文档中查找</translation>
        </message>
        <message>
            <source>The document is not open yet</source>
            <translation>文档还没有打开</translation>
        </message>
        <message>
            <source>Close the document</source>
            <translation>关闭文档</translation>
        </message>
    </context>
    <context>
        <name>DocumentPages</name>
        <message>
            <source>Page %1</source>
            <translation>第 %1 页</translation>
        </message>
    </context>
    <context>
        <name>DocumentPane</name>
        <message>
            <source>Document</source>
            <translation>文档</translation>
        </message>
    </context>
    <context>
        <name>DocumentSearch</name>
        <message>
            <source>Search the document</source>
            <translation>在文档中查找</translation>
        </message>
        <message>
            <source>Previous place</source>
            <translation>上一处</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message>
            <source>Next place</source>
            <translation>下一处</translation>
        </message>
        <message>
            <source>End the search</source>
            <translation>结束查找</translation>
        </message>
    </context>
    <context>
        <name>DocumentsPage</name>
        <message>
            <source>Documents</source>
            <translation>文档</translation>
        </message>
        <message>
            <source>Add folder</source>
            <translation>添加文件夹</translation>
        </message>
        <message>
            <source>Add files</source>
            <translation>添加文件</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>添加</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>显示</translation>
        </message>
        <message>
            <source>All</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>To look at (%1)</source>
            <translation>需要处理（%1）</translation>
        </message>
        <message>
            <source>To look at</source>
            <translation>需要处理</translation>
        </message>
        <message>
            <source>Filter by name</source>
            <translation>按名称筛选</translation>
        </message>
        <message>
            <source>Documents of this computer</source>
            <translation>这台电脑上的文档</translation>
        </message>
        <message>
            <source>Add papers, notes or whole folders and ask about them. They are read here and stay here.</source>
            <translation>添加论文、笔记或整个文件夹，然后向它们提问。它们在这台电脑上读取，也只留在这里。</translation>
        </message>
        <message>
            <source>Choose files</source>
            <translation>选择文件</translation>
        </message>
        <message>
            <source>Choose a folder</source>
            <translation>选择文件夹</translation>
        </message>
        <message>
            <source>Every document was read.</source>
            <translation>所有文档都已读取。</translation>
        </message>
        <message>
            <source>No document has this name.</source>
            <translation>没有叫这个名字的文档。</translation>
        </message>
        <message>
            <source>Drop to add to the documents</source>
            <translation>松开即可添加到文档</translation>
        </message>
    </context>
    <context>
        <name>DownloadRow</name>
        <message>
            <source>Retry</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Retry %1</source>
            <translation>重试 %1</translation>
        </message>
        <message>
            <source>Resume %1</source>
            <translation>继续 %1</translation>
        </message>
        <message>
            <source>Retry %1 now</source>
            <translation>立即重试 %1</translation>
        </message>
        <message>
            <source>Pause %1</source>
            <translation>暂停 %1</translation>
        </message>
        <message>
            <source>Cancel the download of %1</source>
            <translation>取消下载 %1</translation>
        </message>
    </context>
    <context>
        <name>DownloadsDrawer</name>
        <message>
            <source>Downloads</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Pause all</source>
            <translation>全部暂停</translation>
        </message>
        <message>
            <source>Resume all</source>
            <translation>全部继续</translation>
        </message>
        <message>
            <source>Hide downloads</source>
            <translation>收起下载</translation>
        </message>
        <message>
            <source>Show downloads</source>
            <translation>展开下载</translation>
        </message>
    </context>
    <context>
        <name>DownloadService</name>
        <message>
            <source>The offline switch is on.</source>
            <translation>离线开关已打开。</translation>
        </message>
        <message>
            <source>It goes on when the switch is off.</source>
            <translation>关闭开关后会继续。</translation>
        </message>
        <message>
            <source>Outside of the hours set for downloads.</source>
            <translation>不在设定的下载时段内。</translation>
        </message>
        <message>
            <source>No network, or the hub's name is not known.</source>
            <translation>没有网络，或找不到站点。</translation>
        </message>
        <message>
            <source>Check the connection, then resume.</source>
            <translation>请检查网络，然后继续。</translation>
        </message>
        <message>
            <source>Connection lost.</source>
            <translation>连接中断。</translation>
        </message>
        <message>
            <source>No bytes come.</source>
            <translation>没有数据传来。</translation>
        </message>
        <message>
            <source>Resume; where it happens again, set a mirror in the settings.</source>
            <translation>请继续；若再次发生，请在设置中换用镜像。</translation>
        </message>
        <message>
            <source>The server cannot prove who it is.</source>
            <translation>服务器无法证明身份。</translation>
        </message>
        <message>
            <source>A proxy or an antivirus may be reading along: let it leave this connection alone.</source>
            <translation>可能有代理或杀毒软件在截取连接：请将此连接排除。</translation>
        </message>
        <message>
            <source>The hub is busy.</source>
            <translation>站点繁忙。</translation>
        </message>
        <message>
            <source>It goes on by itself.</source>
            <translation>会自动继续。</translation>
        </message>
        <message>
            <source>The hub has a fault.</source>
            <translation>站点出错。</translation>
        </message>
        <message>
            <source>Try again later, or set a mirror in the settings.</source>
            <translation>请稍后重试，或在设置中换用镜像。</translation>
        </message>
        <message>
            <source>The hub asks for a token.</source>
            <translation>站点要求访问令牌。</translation>
        </message>
        <message>
            <source>Keep yours under Settings, Network, then resume.</source>
            <translation>请在“设置”的“网络”中保存令牌，然后继续。</translation>
        </message>
        <message>
            <source>The publisher has not let this account in.</source>
            <translation>发布者尚未允许此账号。</translation>
        </message>
        <message>
            <source>Accept its licence on the hub's page, then resume.</source>
            <translation>请在站点页面接受许可证，然后继续。</translation>
        </message>
        <message>
            <source>The file is no longer there.</source>
            <translation>文件已不在。</translation>
        </message>
        <message>
            <source>Look for the model again.</source>
            <translation>请重新查找此模型。</translation>
        </message>
        <message>
            <source>A web page came instead of the file.</source>
            <translation>收到的是网页而不是文件。</translation>
        </message>
        <message>
            <source>This network may want a sign-in first: open a browser, then resume.</source>
            <translation>此网络可能要先登录：请打开浏览器登录，然后继续。</translation>
        </message>
        <message>
            <source>The publisher has changed the file.</source>
            <translation>发布者更换了文件。</translation>
        </message>
        <message>
            <source>Retry to fetch what is new.</source>
            <translation>请重试以获取新内容。</translation>
        </message>
        <message>
            <source>The file has another size than was said.</source>
            <translation>文件大小与所说的不同。</translation>
        </message>
        <message>
            <source>What came is not what was published.</source>
            <translation>收到的内容与发布的不同。</translation>
        </message>
        <message>
            <source>Retry; only what differs is fetched.</source>
            <translation>请重试；只会获取不同的部分。</translation>
        </message>
        <message>
            <source>The disk is full.</source>
            <translation>磁盘已满。</translation>
        </message>
        <message>
            <source>Free some space, then resume; what is there already is kept.</source>
            <translation>请腾出空间，然后继续；已下载的部分会保留。</translation>
        </message>
        <message>
            <source>%1: free some space, then resume; what is there already is kept.</source>
            <translation>%1：请腾出空间，然后继续；已下载的部分会保留。</translation>
        </message>
        <message>
            <source>The folder cannot be written.</source>
            <translation>文件夹无法写入。</translation>
        </message>
        <message>
            <source>Check its permissions, then resume.</source>
            <translation>请检查权限，然后继续。</translation>
        </message>
        <message>
            <source>The disk reports a fault.</source>
            <translation>磁盘报告故障。</translation>
        </message>
        <message>
            <source>Save what matters; then try another disk.</source>
            <translation>请先保存重要数据，再换一个磁盘。</translation>
        </message>
        <message>
            <source>The disk or folder is gone.</source>
            <translation>磁盘或文件夹已不在。</translation>
        </message>
        <message>
            <source>Connect it again, then resume.</source>
            <translation>请重新连接，然后继续。</translation>
        </message>
        <message>
            <source>Another file of that name is there.</source>
            <translation>已有同名的另一个文件。</translation>
        </message>
        <message>
            <source>Move it away, then resume.</source>
            <translation>请先移走它，然后继续。</translation>
        </message>
        <message>
            <source>Another program downloads the same file.</source>
            <translation>另一个程序正在下载同一文件。</translation>
        </message>
        <message>
            <source>Close it, then resume.</source>
            <translation>请关闭它，然后继续。</translation>
        </message>
        <message>
            <source>Where its files lie is not known.</source>
            <translation>不知道它的文件在哪里。</translation>
        </message>
    </context>
    <context>
        <name>DraftChoice</name>
        <message>
            <source>Smaller model</source>
            <translation>较小的模型</translation>
        </message>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
    </context>
    <context>
        <name>EmptyChat</name>
        <message>
            <source>Explain a hard idea with a small example</source>
            <translation>用一个小例子讲清一个难懂的概念</translation>
        </message>
        <message>
            <source>Find the mistake in a calculation</source>
            <translation>找出一段计算里的错误</translation>
        </message>
        <message>
            <source>Write a short script and say how it works</source>
            <translation>写一段小脚本，并说明它如何工作</translation>
        </message>
    </context>
    <context>
        <name>ExportDialog</name>
        <message>
            <source>Export chat</source>
            <translation>导出对话</translation>
        </message>
        <message>
            <source>Markdown (*.md)</source>
            <translation>Markdown (*.md)</translation>
        </message>
        <message>
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
    </context>
    <context>
        <name>Field</name>
        <message>
            <source>Clear</source>
            <translation>清除</translation>
        </message>
    </context>
    <context>
        <name>FirstRun</name>
        <message>
            <source>See how it thinks.</source>
            <translation>看清它如何思考。</translation>
        </message>
        <message>
            <source>Pellucid runs open reasoning models on this computer. No account, and nothing is sent anywhere unless you ask.</source>
            <translation>Pellucid 在这台电脑上运行开放的推理模型。无需账号；除非你要求，任何内容都不会发送出去。</translation>
        </message>
        <message>
            <source>Start with the small model</source>
            <translation>先用小模型试试</translation>
        </message>
        <message>
            <source>Putting %1 in place…</source>
            <translation>正在安放 %1…</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>Use a model you already have</source>
            <translation>使用已有的模型</translation>
        </message>
        <message>
            <source>Choose a GGUF file, or drop one anywhere. It stays where it is.</source>
            <translation>选择一个 GGUF 文件，或把它拖到这里。文件会留在原处。</translation>
        </message>
        <message>
            <source>Choose file</source>
            <translation>选择文件</translation>
        </message>
        <message>
            <source>Look around without a model</source>
            <translation>先不用模型，随便看看</translation>
        </message>
        <message>
            <source>Download a reasoning model</source>
            <translation>下载推理模型</translation>
        </message>
        <message>
            <source>%1, the best fit for this computer.</source>
            <translation>%1，最适合这台电脑。</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Network off until you download something</source>
            <translation>下载之前不会联网</translation>
        </message>
    </context>
    <context>
        <name>FitWording</name>
        <message>
            <source>Fits on the GPU</source>
            <translation>显卡放得下</translation>
        </message>
        <message>
            <source>Fits in memory</source>
            <translation>内存放得下</translation>
        </message>
        <message>
            <source>%1 of %2 layers on GPU</source>
            <translation>%1 / %2 层在显卡上</translation>
        </message>
        <message>
            <source>Experts on the CPU</source>
            <translation>专家在 CPU 上</translation>
        </message>
        <message>
            <source>Needs %1 more</source>
            <translation>还差 %1</translation>
        </message>
        <message>
            <source>%1 tok/s</source>
            <translation>%1 词元/秒</translation>
        </message>
        <message>
            <source>≈ %1 tok/s</source>
            <translation>≈ %1 词元/秒</translation>
        </message>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
        <message>
            <source>%1 MB</source>
            <translation>%1 MB</translation>
        </message>
        <message>
            <source>%1 kB</source>
            <translation>%1 kB</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>%1 MB/s</source>
            <translation>%1 MB/s</translation>
        </message>
        <message>
            <source>%1 kB/s</source>
            <translation>%1 kB/s</translation>
        </message>
        <message>
            <source>%1 B</source>
            <translation>%1 B</translation>
        </message>
        <message>
            <source>%1 M</source>
            <translation>%1 M</translation>
        </message>
        <message>
            <source>%1k</source>
            <translation>%1k</translation>
        </message>
        <message>
            <source>Reasoning, experts</source>
            <translation>推理，专家混合</translation>
        </message>
        <message>
            <source>Reasoning</source>
            <translation>推理</translation>
        </message>
        <message>
            <source>Chat, experts</source>
            <translation>对话，专家混合</translation>
        </message>
        <message>
            <source>Chat</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Code, experts</source>
            <translation>代码，专家混合</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>代码</translation>
        </message>
        <message>
            <source>Embedding</source>
            <translation>嵌入</translation>
        </message>
        <message>
            <source>%1 context</source>
            <translation>%1 上下文</translation>
        </message>
        <message>
            <source>No licence named</source>
            <translation>未注明许可证</translation>
        </message>
        <message>
            <source>%1 licence</source>
            <translation>%1 许可证</translation>
        </message>
        <message>
            <source>Cannot run here</source>
            <translation>无法在此运行</translation>
        </message>
        <message>
            <source>Should fit on the GPU</source>
            <translation>显卡应该放得下</translation>
        </message>
        <message>
            <source>Should fit in memory</source>
            <translation>内存应该放得下</translation>
        </message>
        <message>
            <source>≈ %1 of %2 layers on GPU</source>
            <translation>约 %1 / %2 层在显卡上</translation>
        </message>
        <message>
            <source>Needs ≈ %1 more</source>
            <translation>约差 %1</translation>
        </message>
    </context>
    <context>
        <name>FolderDialog</name>
        <message>
            <source>Put in a folder</source>
            <translation>放入文件夹</translation>
        </message>
        <message>
            <source>Type a new name, or choose a folder.</source>
            <translation>输入新名称，或选择已有的文件夹。</translation>
        </message>
        <message>
            <source>Move</source>
            <translation>移动</translation>
        </message>
        <message>
            <source>Folder name</source>
            <translation>文件夹名称</translation>
        </message>
    </context>
    <context>
        <name>FormRow</name>
        <message>
            <source>Changed from the default</source>
            <translation>已改动，与默认值不同</translation>
        </message>
        <message>
            <source>Reset</source>
            <translation>还原</translation>
        </message>
        <message>
            <source>Reset %1</source>
            <translation>还原“%1”</translation>
        </message>
    </context>
    <context>
        <name>FoundOffer</name>
        <message>
            <source>Hide them</source>
            <translation>收起</translation>
        </message>
        <message>
            <source>Show them</source>
            <translation>查看</translation>
        </message>
        <message>
            <source>Use all in place</source>
            <translation>全部就地使用</translation>
        </message>
        <message>
            <source>Use</source>
            <translation>使用</translation>
        </message>
        <message>
            <source>Use %1</source>
            <translation>使用 %1</translation>
        </message>
    </context>
    <context>
        <name>GeneralForm</name>
        <message>
            <source>Unload an idle model</source>
            <translation>卸载闲置的模型</translation>
        </message>
        <message>
            <source>After half an hour without use its memory is free again; the next message loads it</source>
            <translation>半小时不用就释放它占用的内存；下一条消息会重新加载它</translation>
        </message>
        <message>
            <source>Language and start</source>
            <translation>语言与启动</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Load the last model at start</source>
            <translation>启动时载入上次的模型</translation>
        </message>
        <message>
            <source>Off: it is loaded with the first message</source>
            <translation>关闭时，发送第一条消息才载入</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Follow the answer while it is written</source>
            <translation>书写回答时自动跟随</translation>
        </message>
        <message>
            <source>Scrolling up always stops it</source>
            <translation>向上滚动即停止跟随</translation>
        </message>
        <message>
            <source>Show statistics under answers</source>
            <translation>在回答下方显示统计</translation>
        </message>
        <message>
            <source>Speed, tokens and time to the first token</source>
            <translation>速度、词元数和首词元用时</translation>
        </message>
        <message>
            <source>Import chats</source>
            <translation>导入对话</translation>
        </message>
        <message>
            <source>From Pellucid, ChatGPT or LM Studio</source>
            <translation>可从 Pellucid、ChatGPT 或 LM Studio 导入</translation>
        </message>
        <message>
            <source>Choose file…</source>
            <translation>选择文件…</translation>
        </message>
        <message>
            <source>Export all chats</source>
            <translation>导出全部对话</translation>
        </message>
        <message>
            <source>One JSON file with every message and thought</source>
            <translation>全部消息与思考存为一个 JSON 文件</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>导出…</translation>
        </message>
        <message>
            <source>Folders</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>数据</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>Open the data folder</source>
            <translation>打开数据文件夹</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Open the models folder</source>
            <translation>打开模型文件夹</translation>
        </message>
        <message>
            <source>Pellucid %1</source>
            <translation>Pellucid %1</translation>
        </message>
        <message>
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
        <message>
            <source>Unload a model that nobody uses</source>
            <translation>卸载没人用的模型</translation>
        </message>
        <message>
            <source>Its memory is free again; the next message loads it</source>
            <translation>腾出它的内存；下一条消息会重新载入</translation>
        </message>
        <message>
            <source>At once</source>
            <translation>立即</translation>
        </message>
        <message>
            <source>After 5 minutes</source>
            <translation>5 分钟后</translation>
        </message>
        <message>
            <source>After 30 minutes</source>
            <translation>30 分钟后</translation>
        </message>
        <message>
            <source>After 2 hours</source>
            <translation>2 小时后</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
    </context>
    <context>
        <name>GuessingRows</name>
        <message>
            <source>Guess ahead</source>
            <translation>提前猜测</translation>
        </message>
        <message>
            <source>Guesses the next words and checks several at once. The answer stays the same</source>
            <translation>猜测接下来的词，一次核对多个，回答保持不变</translation>
        </message>
        <message>
            <source>Faster where an answer repeats what stands before it; no gain elsewhere</source>
            <translation>回答重复前文时更快，其他情况没有提升</translation>
        </message>
        <message>
            <source>A smaller model guesses, this one checks. Takes the memory of both</source>
            <translation>由较小的模型猜测，当前模型核对，需要两者的内存</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>From the text</source>
            <translation>根据文本</translation>
        </message>
        <message>
            <source>Smaller model</source>
            <translation>较小的模型</translation>
        </message>
        <message>
            <source>It must have the same vocabulary</source>
            <translation>它的词表必须与当前模型相同</translation>
        </message>
        <message>
            <source>No smaller model with the same vocabulary is in your list</source>
            <translation>列表中没有词表相同的较小模型</translation>
        </message>
    </context>
    <context>
        <name>HubDiscover</name>
        <message>
            <source>Many</source>
            <translation>多种语言</translation>
        </message>
        <message>
            <source>English</source>
            <translation>英语</translation>
        </message>
        <message>
            <source>Chinese</source>
            <translation>中文</translation>
        </message>
        <message>
            <source>%1 more</source>
            <translation>另 %1 种</translation>
        </message>
        <message>
            <source>Thinks step by step before it answers.</source>
            <translation>先逐步思考，再作回答。</translation>
        </message>
        <message>
            <source>Good at conversation and everyday questions.</source>
            <translation>擅长对话和日常问题。</translation>
        </message>
        <message>
            <source>Good at code.</source>
            <translation>擅长代码。</translation>
        </message>
        <message>
            <source>Good at mathematics.</source>
            <translation>擅长数学。</translation>
        </message>
        <message>
            <source>Good at translation.</source>
            <translation>擅长翻译。</translation>
        </message>
        <message>
            <source>Trained to call tools.</source>
            <translation>会调用工具。</translation>
        </message>
        <message>
            <source>Small enough for modest computers.</source>
            <translation>适合配置不高的电脑。</translation>
        </message>
        <message>
            <source>Pellucid's catalogue</source>
            <translation>Pellucid 目录</translation>
        </message>
        <message>
            <source>Always, can be cut short</source>
            <translation>总是思考，可以提前结束</translation>
        </message>
        <message>
            <source>No hub of this list publishes it.</source>
            <translation>列出的站点都没有发布它。</translation>
        </message>
        <message>
            <source>Search for its name instead.</source>
            <translation>请改为搜索它的名称。</translation>
        </message>
        <message>
            <source>Its header is not known yet.</source>
            <translation>还不知道它的文件头。</translation>
        </message>
        <message>
            <source>There is no device to run it on.</source>
            <translation>没有可以运行它的设备。</translation>
        </message>
    </context>
    <context>
        <name>ImportBar</name>
        <message>
            <source>Go on reading</source>
            <translation>继续读取</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Pause reading</source>
            <translation>暂停读取</translation>
        </message>
    </context>
    <context>
        <name>KeychainToken</name>
        <message>
            <source>The keychain cannot be read.</source>
            <translation>无法读取钥匙串。</translation>
        </message>
        <message>
            <source>This desktop has no keychain that can be used.</source>
            <translation>此桌面没有可用的钥匙串。</translation>
        </message>
        <message>
            <source>The token is kept until Pellucid ends.</source>
            <translation>令牌会保留到 Pellucid 退出。</translation>
        </message>
    </context>
    <context>
        <name>LanguageChoice</name>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>System language</source>
            <translation>系统语言</translation>
        </message>
    </context>
    <context>
        <name>LibraryKeeping</name>
        <message>
            <source>%1 is no longer there.</source>
            <translation>%1 已不在那里。</translation>
        </message>
        <message>
            <source>The program that had it may have deleted it.</source>
            <translation>原来的程序可能已将其删除。</translation>
        </message>
        <message>
            <source>The check was stopped.</source>
            <translation>检查已停止。</translation>
        </message>
        <message>
            <source>Where its bytes came from is not known.</source>
            <translation>不知道它的数据来自哪里。</translation>
        </message>
        <message>
            <source>Delete it and download it again.</source>
            <translation>请删除后重新下载。</translation>
        </message>
        <message>
            <source>%1 could not be deleted.</source>
            <translation>无法删除 %1。</translation>
        </message>
    </context>
    <context>
        <name>LibraryRow</name>
        <message>
            <source>Recognise</source>
            <translation>识别文字</translation>
        </message>
        <message>
            <source>Recognise the text of %1</source>
            <translation>识别“%1”的文字</translation>
        </message>
        <message>
            <source>Retry</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Read %1 again</source>
            <translation>重新读取“%1”</translation>
        </message>
        <message>
            <source>Ask</source>
            <translation>提问</translation>
        </message>
        <message>
            <source>Ask %1</source>
            <translation>向“%1”提问</translation>
        </message>
        <message>
            <source>Actions for %1</source>
            <translation>“%1”的操作</translation>
        </message>
        <message>
            <source>Ask these documents</source>
            <translation>向这些文档提问</translation>
        </message>
        <message>
            <source>Add files</source>
            <translation>添加文件</translation>
        </message>
        <message>
            <source>Add folder</source>
            <translation>添加文件夹</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Recognise text</source>
            <translation>识别文字</translation>
        </message>
        <message>
            <source>Read again</source>
            <translation>重新读取</translation>
        </message>
        <message>
            <source>Stop following</source>
            <translation>停止跟踪</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <source>Open %1</source>
            <translation>打开“%1”</translation>
        </message>
    </context>
    <context>
        <name>LibraryService</name>
        <message>
            <source>Read by recognition: expect mistakes.</source>
            <translation>文字由识别得到，可能有误。</translation>
        </message>
        <message>
            <source>Its content is of another type than its name says.</source>
            <translation>内容的类型与文件名不符。</translation>
        </message>
        <message>
            <source>Its encoding was guessed.</source>
            <translation>文字编码是猜出来的。</translation>
        </message>
        <message>
            <source>Some characters have no meaning and were left out.</source>
            <translation>有些字符没有意义，已略去。</translation>
        </message>
        <message>
            <source>It is too long: its end was not read.</source>
            <translation>文件太长，末尾部分没有读取。</translation>
        </message>
        <message>
            <source>A table is too large and was cut.</source>
            <translation>有一个表格太大，已截断。</translation>
        </message>
        <message>
            <source>A part of it could not be read.</source>
            <translation>其中一部分无法读取。</translation>
        </message>
        <message>
            <source>It is damaged; what could be read was.</source>
            <translation>文件已损坏，能读的部分已读取。</translation>
        </message>
        <message>
            <source>It hides text from its readers, which was left out.</source>
            <translation>文件里有对读者隐藏的文字，已略去。</translation>
        </message>
        <message>
            <source>Learning what the passages mean; their words can be asked already.</source>
            <translation>正在理解段落的含义；现在已可按词语提问。</translation>
        </message>
        <message>
            <source>No embedding model is installed: documents are found by their words, not by their meaning.</source>
            <translation>没有安装嵌入模型：只能按词语查找文档，不能按含义查找。</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>文档</translation>
        </message>
        <message>
            <source>Attached to a chat</source>
            <translation>附在对话中</translation>
        </message>
    </context>
    <context>
        <name>LiveRegion</name>
        <message>
            <source>Status</source>
            <translation>状态</translation>
        </message>
    </context>
    <context>
        <name>MachineFacts</name>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
        <message>
            <source>Cores</source>
            <translation>核心</translation>
        </message>
        <message>
            <source>Free disk</source>
            <translation>可用磁盘</translation>
        </message>
    </context>
    <context>
        <name>MathBlock</name>
        <message>
            <source>Formula: %1</source>
            <translation>公式：%1</translation>
        </message>
        <message>
            <source>Copy TeX</source>
            <translation>复制 TeX</translation>
        </message>
    </context>
    <context>
        <name>MemoryBars</name>
        <message>
            <source>Memory plan</source>
            <translation>内存规划</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
    </context>
    <context>
        <name>MemoryPlan</name>
        <message>
            <source>Memory plan</source>
            <translation>内存规划</translation>
        </message>
    </context>
    <context>
        <name>MessageEditor</name>
        <message>
            <source>Edit the question</source>
            <translation>编辑问题</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Ask</source>
            <translation>提问</translation>
        </message>
    </context>
    <context>
        <name>ModalDialog</name>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
    </context>
    <context>
        <name>ModelDialogs</name>
        <message>
            <source>It does not fit on this computer</source>
            <translation>这台电脑放不下</translation>
        </message>
        <message>
            <source>%1: %2. It can be downloaded, but not used here.</source>
            <translation>%1：%2。可以下载，但无法在这里使用。</translation>
        </message>
        <message>
            <source>Licence of %1</source>
            <translation>%1 的许可证</translation>
        </message>
        <message>
            <source>Its publisher asks you to agree to the %1 terms before you use it.</source>
            <translation>发布者要求在使用前同意 %1 条款。</translation>
        </message>
        <message>
            <source>Agree and download</source>
            <translation>同意并下载</translation>
        </message>
        <message>
            <source>Read the licence</source>
            <translation>阅读许可证</translation>
        </message>
    </context>
    <context>
        <name>ModelFileDialog</name>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>GGUF models (*.gguf)</source>
            <translation>GGUF 模型 (*.gguf)</translation>
        </message>
    </context>
    <context>
        <name>ModelForm</name>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Think before answering</source>
            <translation>回答前先思考</translation>
        </message>
        <message>
            <source>Auto lets the model skip it for short questions</source>
            <translation>“自动”允许模型对简短问题直接作答</translation>
        </message>
        <message>
            <source>This model thinks as it was trained to</source>
            <translation>这个模型按训练时的方式思考</translation>
        </message>
        <message>
            <source>Auto</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Always</source>
            <translation>总是</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>预算</translation>
        </message>
        <message>
            <source>Tokens; then it answers with what it has</source>
            <translation>以词元计，用完即按已有思路作答</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Keep earlier thoughts in the context</source>
            <translation>在上下文中保留之前的思考</translation>
        </message>
        <message>
            <source>Where the model's template reads them</source>
            <translation>仅当模型的模板会读取时有效</translation>
        </message>
        <message>
            <source>Memory and device</source>
            <translation>内存与设备</translation>
        </message>
        <message>
            <source>Context length</source>
            <translation>上下文长度</translation>
        </message>
        <message>
            <source>Trained for %L1 tokens</source>
            <translation>训练长度 %L1 词元</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>词元</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Context cache</source>
            <translation>上下文缓存</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
        <message>
            <source>Preset</source>
            <translation>预设</translation>
        </message>
        <message>
            <source>These settings under a name</source>
            <translation>给这些设置起个名称</translation>
        </message>
        <message>
            <source>Preset: %1</source>
            <translation>预设：%1</translation>
        </message>
    </context>
    <context>
        <name>ModelInspector</name>
        <message>
            <source>Back to the models</source>
            <translation>返回模型列表</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Quantisation</source>
            <translation>量化</translation>
        </message>
        <message>
            <source>The best for this computer</source>
            <translation>最适合这台电脑</translation>
        </message>
        <message>
            <source>The best for this computer, %1</source>
            <translation>最适合这台电脑，%1</translation>
        </message>
        <message>
            <source>%1 is the best for this computer</source>
            <translation>%1 最适合这台电脑</translation>
        </message>
        <message>
            <source>Use this model</source>
            <translation>使用此模型</translation>
        </message>
        <message>
            <source>Unload</source>
            <translation>卸载</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Settings of %1</source>
            <translation>%1 的设置</translation>
        </message>
        <message>
            <source>Stop checking</source>
            <translation>停止检查</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>检查</translation>
        </message>
        <message>
            <source>Check the file</source>
            <translation>检查文件</translation>
        </message>
        <message>
            <source>Remove…</source>
            <translation>移除…</translation>
        </message>
        <message>
            <source>Checking, %1 %</source>
            <translation>正在检查，%1 %</translation>
        </message>
        <message>
            <source>Checking</source>
            <translation>正在检查</translation>
        </message>
        <message>
            <source>The publisher gives it only to accounts that have asked for it. Keep your token under Settings, Network.</source>
            <translation>发布者只提供给申请过的账号。请在“设置”的“网络”中保存访问令牌。</translation>
        </message>
        <message>
            <source>Reading what the repository holds…</source>
            <translation>正在读取仓库内容…</translation>
        </message>
        <message>
            <source>About</source>
            <translation>关于</translation>
        </message>
    </context>
    <context>
        <name>ModelLoad</name>
        <message>
            <source>Cancel loading</source>
            <translation>取消载入</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
    </context>
    <context>
        <name>ModelMenu</name>
        <message>
            <source>Cancel loading</source>
            <translation>取消载入</translation>
        </message>
        <message>
            <source>Unload, and free its memory</source>
            <translation>卸载并释放内存</translation>
        </message>
        <message>
            <source>All models…</source>
            <translation>全部模型…</translation>
        </message>
    </context>
    <context>
        <name>ModelPicker</name>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>Model: %1</source>
            <translation>模型：%1</translation>
        </message>
    </context>
    <context>
        <name>ModelRow</name>
        <message>
            <source>Loaded</source>
            <translation>已载入</translation>
        </message>
        <message>
            <source>Settings of %1</source>
            <translation>%1 的设置</translation>
        </message>
        <message>
            <source>Actions for %1</source>
            <translation>“%1”的操作</translation>
        </message>
        <message>
            <source>Use this model</source>
            <translation>使用此模型</translation>
        </message>
        <message>
            <source>Load again</source>
            <translation>重新载入</translation>
        </message>
        <message>
            <source>Unload, and free its memory</source>
            <translation>卸载并释放内存</translation>
        </message>
        <message>
            <source>Check the file</source>
            <translation>检查文件</translation>
        </message>
        <message>
            <source>Remove…</source>
            <translation>移除…</translation>
        </message>
    </context>
    <context>
        <name>ModelSpaceRows</name>
        <message>
            <source>Move the models</source>
            <translation>移动模型</translation>
        </message>
        <message>
            <source>Moving, %1 %</source>
            <translation>正在移动，%1 %</translation>
        </message>
        <message>
            <source>To another folder or disk; stopped midway, every model is still whole</source>
            <translation>移到另一个文件夹或磁盘；中途停止，每个模型仍然完整</translation>
        </message>
        <message>
            <source>Move…</source>
            <translation>移动…</translation>
        </message>
        <message>
            <source>Models that are there twice</source>
            <translation>重复的模型</translation>
        </message>
        <message>
            <source>Keep one copy</source>
            <translation>只留一份</translation>
        </message>
        <message>
            <source>Leftover files</source>
            <translation>残留文件</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>删除…</translation>
        </message>
        <message>
            <source>Delete the leftover files?</source>
            <translation>删除残留文件？</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Look at the models folder again</source>
            <translation>重新查看模型文件夹</translation>
        </message>
        <message>
            <source>Add from disk</source>
            <translation>从磁盘添加</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>在这台电脑上</translation>
        </message>
        <message>
            <source>Models on this computer</source>
            <translation>这台电脑上的模型</translation>
        </message>
        <message>
            <source>GGUF files in %1 are listed by themselves.</source>
            <translation>放在 %1 的 GGUF 文件会自动列出。</translation>
        </message>
        <message>
            <source>No model yet. The small one that is included is ready in seconds.</source>
            <translation>还没有模型。随附的小模型几秒钟就能用。</translation>
        </message>
        <message>
            <source>No model yet. Choose a GGUF file; it stays where it is.</source>
            <translation>还没有模型。请选择一个 GGUF 文件，它会留在原处。</translation>
        </message>
        <message>
            <source>Start with %1</source>
            <translation>用 %1 开始</translation>
        </message>
        <message>
            <source>Choose file</source>
            <translation>选择文件</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Speed here</source>
            <translation>本机速度</translation>
        </message>
        <message>
            <source>See what fits here</source>
            <translation>看看这里放得下什么</translation>
        </message>
    </context>
    <context>
        <name>ModelTools</name>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Installed  %1</source>
            <translation>已安装  %1</translation>
        </message>
        <message>
            <source>Installed</source>
            <translation>已安装</translation>
        </message>
        <message>
            <source>Discover</source>
            <translation>发现</translation>
        </message>
        <message>
            <source>Search models</source>
            <translation>搜索模型</translation>
        </message>
        <message>
            <source>Fits</source>
            <translation>放得下</translation>
        </message>
        <message>
            <source>Fits this computer</source>
            <translation>这台电脑放得下</translation>
        </message>
        <message>
            <source>Only what fits this computer</source>
            <translation>只看这台电脑放得下的</translation>
        </message>
        <message>
            <source>Order</source>
            <translation>排序</translation>
        </message>
        <message>
            <source>Best fit first</source>
            <translation>最合适的在前</translation>
        </message>
        <message>
            <source>Smallest first</source>
            <translation>最小的在前</translation>
        </message>
        <message>
            <source>Largest first</source>
            <translation>最大的在前</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>按名称</translation>
        </message>
    </context>
    <context>
        <name>MoreSampling</name>
        <message>
            <source>Typical-p</source>
            <translation>Typical-p</translation>
        </message>
        <message>
            <source>Presence penalty</source>
            <translation>存在惩罚</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>Frequency penalty</source>
            <translation>频率惩罚</translation>
        </message>
        <message>
            <source>Penalty window</source>
            <translation>惩罚窗口</translation>
        </message>
        <message>
            <source>Tokens looked back at; -1 is the whole context</source>
            <translation>回看的词元数，-1 表示整个上下文</translation>
        </message>
        <message>
            <source>DRY strength</source>
            <translation>DRY 强度</translation>
        </message>
        <message>
            <source>Stops phrases from coming back word for word</source>
            <translation>防止整句原样重复</translation>
        </message>
        <message>
            <source>DRY base</source>
            <translation>DRY 底数</translation>
        </message>
        <message>
            <source>DRY allowed length</source>
            <translation>DRY 允许长度</translation>
        </message>
        <message>
            <source>Longest answer</source>
            <translation>回答长度上限</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>词元</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <source>The same seed gives the same answer</source>
            <translation>相同的种子给出相同的回答</translation>
        </message>
        <message>
            <source>A new one each time</source>
            <translation>每次随机</translation>
        </message>
    </context>
    <context>
        <name>NetworkForm</name>
        <message>
            <source>Offline</source>
            <translation>离线</translation>
        </message>
        <message>
            <source>Nothing leaves this computer; downloads wait</source>
            <translation>没有数据离开这台电脑；下载会等待</translation>
        </message>
        <message>
            <source>On: no connection at all, whatever is asked</source>
            <translation>打开后不建立任何连接</translation>
        </message>
        <message>
            <source>Hubs</source>
            <translation>模型站点</translation>
        </message>
        <message>
            <source>Another address, for a mirror</source>
            <translation>换用镜像的地址</translation>
        </message>
        <message>
            <source>Access token</source>
            <translation>访问令牌</translation>
        </message>
        <message>
            <source>One is kept in the keychain; it is never shown</source>
            <translation>已保存在钥匙串中，不会显示</translation>
        </message>
        <message>
            <source>For models that need an account; kept in the keychain</source>
            <translation>用于需要账号的模型；保存在钥匙串中</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>忘记</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>保存</translation>
        </message>
        <message>
            <source>Forget the token</source>
            <translation>忘记令牌</translation>
        </message>
        <message>
            <source>Keep the token</source>
            <translation>保存令牌</translation>
        </message>
        <message>
            <source>Connection</source>
            <translation>连接</translation>
        </message>
        <message>
            <source>Proxy</source>
            <translation>代理</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>None</source>
            <translation>不用</translation>
        </message>
        <message>
            <source>This one</source>
            <translation>指定</translation>
        </message>
        <message>
            <source>Address of the proxy</source>
            <translation>代理地址</translation>
        </message>
        <message>
            <source>Not for these hosts</source>
            <translation>不用代理的主机</translation>
        </message>
        <message>
            <source>Separated by commas</source>
            <translation>用逗号分隔</translation>
        </message>
        <message>
            <source>Download limit</source>
            <translation>下载限速</translation>
        </message>
        <message>
            <source>Kilobytes a second</source>
            <translation>每秒千字节</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Every connection</source>
            <translation>每一次连接</translation>
        </message>
        <message>
            <source>None so far. Nothing is sent anywhere unless you ask.</source>
            <translation>还没有。不经你要求，不会发送任何内容。</translation>
        </message>
        <message>
            <source>Clear the list</source>
            <translation>清空列表</translation>
        </message>
        <message>
            <source>Mirrors of Hugging Face</source>
            <translation>Hugging Face 的镜像</translation>
        </message>
        <message>
            <source>Separated by commas; a file comes from all at once. They never get the token</source>
            <translation>用逗号分隔；文件同时从各镜像下载，令牌不会发给它们</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Dismiss</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>NoticeRow</name>
        <message>
            <source>Continue</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
    </context>
    <context>
        <name>OfferList</name>
        <message>
            <source>Models to download</source>
            <translation>可下载的模型</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Reading the catalogue…</source>
            <translation>正在读取目录…</translation>
        </message>
        <message>
            <source>Asking the hubs…</source>
            <translation>正在询问模型站点…</translation>
        </message>
        <message>
            <source>One more does not fit this computer.</source>
            <translation>另有一个这台电脑放不下。</translation>
        </message>
        <message>
            <source>%1 more do not fit this computer.</source>
            <translation>另有 %1 个这台电脑放不下。</translation>
        </message>
        <message>
            <source>Nothing has that name.</source>
            <translation>没有这个名称的模型。</translation>
        </message>
    </context>
    <context>
        <name>OverflowPanel</name>
        <message>
            <source>Back to the text</source>
            <translation>返回修改</translation>
        </message>
    </context>
    <context>
        <name>PageHeader</name>
        <message>
            <source>Show sidebar</source>
            <translation>显示侧边栏</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>返回</translation>
        </message>
    </context>
    <context>
        <name>PassageList</name>
        <message>
            <source>Passages read</source>
            <translation>读过的段落</translation>
        </message>
        <message>
            <source>Why these passages: %1</source>
            <translation>为什么是这些段落：%1</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::AnswerSources</name>
        <message>
            <source>Page %1</source>
            <translation>第 %1 页</translation>
        </message>
        <message>
            <source>“%1”</source>
            <comment>a quotation</comment>
            <translation>“%1”</translation>
        </message>
        <message>
            <source>Left out: no room in the context</source>
            <translation>未采用：上下文放不下</translation>
        </message>
        <message>
            <source>Left out: repeats another passage</source>
            <translation>未采用：与另一段重复</translation>
        </message>
        <message>
            <source>Left out: too far from the question</source>
            <translation>未采用：与问题相差太远</translation>
        </message>
        <message>
            <source>Found by its words and its meaning</source>
            <translation>词语和含义都吻合</translation>
        </message>
        <message>
            <source>Found by its words</source>
            <translation>词语吻合</translation>
        </message>
        <message>
            <source>Found by its meaning</source>
            <translation>含义吻合</translation>
        </message>
        <message>
            <source>Part of what was given whole</source>
            <translation>随整份文档一起提供</translation>
        </message>
        <message>
            <source>%1 · p. %2</source>
            <comment>number of a citation, page</comment>
            <translation>%1 · 第 %2 页</translation>
        </message>
        <message>
            <source>The document says it otherwise: %1</source>
            <translation>文档的说法不同：%1</translation>
        </message>
        <message>
            <source>Not in the document. Treat it as a guess.</source>
            <translation>文档里没有，请当作猜测。</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%2 段中的 %1 段</translation>
        </message>
        <message>
            <source>the whole document was read</source>
            <translation>读了整份文档</translation>
        </message>
        <message>
            <source>all pages searched</source>
            <translation>已检索全部页面</translation>
        </message>
        <message>
            <source>A document gives orders to the model: “%1”. They were read as text and not followed.</source>
            <translation>有文档向模型下命令：“%1”。它们只被当作文字阅读，没有照做。</translation>
        </message>
        <message>
            <source>Nothing in the documents fits this question.</source>
            <translation>文档里没有与这个问题相符的内容。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatScope</name>
        <message>
            <source>Reading, %1 %</source>
            <translation>正在读取，%1 %</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>正在读取</translation>
        </message>
        <message>
            <source>one page</source>
            <translation>1 页</translation>
        </message>
        <message>
            <source>%1 pages</source>
            <translation>%1 页</translation>
        </message>
        <message>
            <source>All documents</source>
            <translation>全部文档</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DocumentLibrary</name>
        <message>
            <source>%1 of %2</source>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>Reading is paused</source>
            <translation>读取已暂停</translation>
        </message>
        <message>
            <source>Reading documents</source>
            <translation>正在读取文档</translation>
        </message>
        <message>
            <source>≈ %1 left</source>
            <translation>约剩 %1</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DocumentListModel</name>
        <message>
            <source>Followed: new and changed files are read by themselves</source>
            <translation>跟踪中：新的和改过的文件会自动读取</translation>
        </message>
        <message>
            <source>One document</source>
            <translation>1 份文档</translation>
        </message>
        <message>
            <source>%1 documents</source>
            <translation>%1 份文档</translation>
        </message>
        <message>
            <source>Not there now</source>
            <translation>现在不在</translation>
        </message>
        <message>
            <source>Its disk is not mounted. Nothing is forgotten: its documents can still be asked.</source>
            <translation>它所在的磁盘没有挂载。什么都没有忘记：仍可向其中的文档提问。</translation>
        </message>
        <message>
            <source>one page</source>
            <translation>1 页</translation>
        </message>
        <message>
            <source>%1 pages</source>
            <translation>%1 页</translation>
        </message>
        <message>
            <source>one passage</source>
            <translation>1 段</translation>
        </message>
        <message>
            <source>%1 passages</source>
            <translation>%1 段</translation>
        </message>
        <message>
            <source>Reading, %1 %</source>
            <translation>正在读取，%1 %</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>正在读取</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <source>No text on pages %1</source>
            <translation>第 %1 页没有文字层</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>可以提问</translation>
        </message>
        <message>
            <source>The file cannot be seen now; what was read of it can still be asked.</source>
            <translation>现在看不到这个文件；读过的内容仍可提问。</translation>
        </message>
        <message>
            <source>They are pictures of text. Recognising them takes a few seconds a page.</source>
            <translation>这些页是文字的图片。识别每页需要几秒钟。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DocumentViewer</name>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <comment>page of pages</comment>
            <translation>第 %1 页，共 %2 页</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <comment>place of places</comment>
            <translation>%1 / %2</translation>
        </message>
    </context>
    <context>
        <name>PlanView</name>
        <message>
            <source>Memory plan</source>
            <translation>内存规划</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>上下文</translation>
        </message>
        <message>
            <source>Context, %1 tokens</source>
            <translation>上下文，%1 词元</translation>
        </message>
        <message>
            <source>Context cache</source>
            <translation>上下文缓存</translation>
        </message>
        <message>
            <source>16 bit</source>
            <translation>16 位</translation>
        </message>
        <message>
            <source>8 bit</source>
            <translation>8 位</translation>
        </message>
        <message>
            <source>4 bit</source>
            <translation>4 位</translation>
        </message>
        <message>
            <source>Layers on the GPU</source>
            <translation>显卡上的层</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Choose</source>
            <translation>自选</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 / %2</translation>
        </message>
    </context>
    <context>
        <name>PopupMenu</name>
        <message>
            <source>Menu</source>
            <translation>菜单</translation>
        </message>
    </context>
    <context>
        <name>PromptDialog</name>
        <message>
            <source>What the model reads</source>
            <translation>模型读到的内容</translation>
        </message>
        <message>
            <source>The whole prompt, with the marks of the chat template.</source>
            <translation>完整的提示词，包括对话模板的标记。</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>提示词</translation>
        </message>
    </context>
    <context>
        <name>ReloadBar</name>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>Reload model</source>
            <translation>重新载入模型</translation>
        </message>
    </context>
    <context>
        <name>RemoveDialog</name>
        <message>
            <source>Remove the collection?</source>
            <translation>移除这个文档集？</translation>
        </message>
        <message>
            <source>Stop following this folder?</source>
            <translation>停止跟踪这个文件夹？</translation>
        </message>
        <message>
            <source>Remove the document?</source>
            <translation>移除这份文档？</translation>
        </message>
        <message>
            <source>What was read of %1 is forgotten. The file itself stays where it is.</source>
            <translation>从“%1”读到的内容会被忘记。文件本身留在原处。</translation>
        </message>
        <message>
            <source>What was read of the documents of %1 is forgotten. The files themselves stay where they are.</source>
            <translation>从“%1”的文档读到的内容会被忘记。文件本身留在原处。</translation>
        </message>
        <message>
            <source>Stop following</source>
            <translation>停止跟踪</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>移除</translation>
        </message>
    </context>
    <context>
        <name>RenameDialog</name>
        <message>
            <source>Rename the collection</source>
            <translation>重命名文档集</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Name of the collection</source>
            <translation>文档集的名称</translation>
        </message>
    </context>
    <context>
        <name>RetrievalDialog</name>
        <message>
            <source>Open passage %1</source>
            <translation>打开第 %1 段</translation>
        </message>
        <message>
            <source>Why these passages</source>
            <translation>为什么是这些段落</translation>
        </message>
        <message>
            <source>Passages are found by their words and by their meaning; what both find comes first. Figures are rank and score.</source>
            <translation>段落按词语和含义查找；两种方式都找到的排在前面。数字是名次和得分。</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Passages found</source>
            <translation>找到的段落</translation>
        </message>
        <message>
            <source>Words</source>
            <translation>词语</translation>
        </message>
        <message>
            <source>Meaning</source>
            <translation>含义</translation>
        </message>
        <message>
            <source>Reranked</source>
            <translation>重排</translation>
        </message>
    </context>
    <context>
        <name>SamplingGroup</name>
        <message>
            <source>Sampling</source>
            <translation>采样</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>温度</translation>
        </message>
        <message>
            <source>0 always takes the likeliest token</source>
            <translation>0 表示总取概率最大的词元</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>Repetition penalty</source>
            <translation>重复惩罚</translation>
        </message>
        <message>
            <source>1 is off</source>
            <translation>1 表示关闭</translation>
        </message>
        <message>
            <source>Show fewer</source>
            <translation>收起</translation>
        </message>
        <message>
            <source>Show all sampling settings</source>
            <translation>显示全部采样设置</translation>
        </message>
    </context>
    <context>
        <name>SendButton</name>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>发送</translation>
        </message>
    </context>
    <context>
        <name>SettingsNav</name>
        <message>
            <source>Settings pages</source>
            <translation>设置页面</translation>
        </message>
        <message>
            <source>Back to the chats</source>
            <translation>返回对话</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Model in use</source>
            <translation>正在使用的模型</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>General</source>
            <translation>通用</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>外观</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>快捷键</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Page</source>
            <translation>页面</translation>
        </message>
        <message>
            <source>Reset all</source>
            <translation>全部还原</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>网络</translation>
        </message>
    </context>
    <context>
        <name>Shell</name>
        <message>
            <source>Width of the sidebar</source>
            <translation>侧边栏宽度</translation>
        </message>
        <message>
            <source>Width of the document</source>
            <translation>文档的宽度</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
        <message>
            <source>Sidebar</source>
            <translation>侧边栏</translation>
        </message>
        <message>
            <source>Hide sidebar</source>
            <translation>隐藏侧边栏</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Search chats</source>
            <translation>搜索对话</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Your chats will be listed here.</source>
            <translation>你的对话会列在这里。</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>文档</translation>
        </message>
    </context>
    <context>
        <name>SidewaysView</name>
        <message>
            <source>%1, scrolls sideways</source>
            <translation>%1，可左右滚动</translation>
        </message>
    </context>
    <context>
        <name>SidebarFoot</name>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
    </context>
    <context>
        <name>SystemPromptGroup</name>
        <message>
            <source>System prompt</source>
            <translation>系统提示词</translation>
        </message>
        <message>
            <source>Nothing is added before a chat</source>
            <translation>对话前不添加任何内容</translation>
        </message>
    </context>
    <context>
        <name>TableBlock</name>
        <message numerus="yes">
            <source>Table, %n column(s)</source>
            <translation>
                <numerusform>表格，%n 列</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemeChoice</name>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Match system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
    </context>
    <context>
        <name>ThinkingControl</name>
        <message>
            <source>Auto</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Always</source>
            <translation>总是</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
        <message>
            <source>Think: %1</source>
            <translation>思考：%1</translation>
        </message>
        <message>
            <source>When to think</source>
            <translation>何时思考</translation>
        </message>
        <message>
            <source>the model decides</source>
            <translation>由模型决定</translation>
        </message>
        <message>
            <source>before each answer</source>
            <translation>每次回答前</translation>
        </message>
        <message>
            <source>answer at once</source>
            <translation>直接回答</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>预算</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>%L1 tokens</source>
            <translation>%L1 词元</translation>
        </message>
        <message>
            <source>Thinking budget in tokens; 0 is no limit</source>
            <translation>思考预算（词元），0 表示不限</translation>
        </message>
    </context>
    <context>
        <name>ThinkingForm</name>
        <message>
            <source>Show thoughts</source>
            <translation>显示思考</translation>
        </message>
        <message>
            <source>A thought you fold or unfold yourself stays that way</source>
            <translation>手动折叠或展开的思考会保持原样</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>展开</translation>
        </message>
        <message>
            <source>While thinking</source>
            <translation>思考时展开</translation>
        </message>
        <message>
            <source>Closed</source>
            <translation>折叠</translation>
        </message>
        <message>
            <source>When to think, and for how long, is a setting of each model.</source>
            <translation>何时思考、思考多久，由每个模型各自的设置决定。</translation>
        </message>
    </context>
    <context>
        <name>ThoughtBody</name>
        <message>
            <source>Text of the thought</source>
            <translation>思考内容</translation>
        </message>
        <message>
            <source>Latest</source>
            <translation>最新</translation>
        </message>
    </context>
    <context>
        <name>ThoughtCard</name>
        <message>
            <source>Thought: %1</source>
            <translation>思考：%1</translation>
        </message>
    </context>
    <context>
        <name>ThoughtFoot</name>
        <message>
            <source>Pause</source>
            <translation>暂停</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Continue thinking</source>
            <translation>继续思考</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
        <message>
            <source>Answer from here</source>
            <translation>就此作答</translation>
        </message>
        <message>
            <source>Answer now</source>
            <translation>立即回答</translation>
        </message>
    </context>
    <context>
        <name>ThoughtHeader</name>
        <message>
            <source>%1. Fold</source>
            <translation>%1。折叠</translation>
        </message>
        <message>
            <source>%1. Unfold</source>
            <translation>%1。展开</translation>
        </message>
        <message>
            <source>Thinking budget</source>
            <translation>思考预算</translation>
        </message>
        <message>
            <source>Copy thought</source>
            <translation>复制思考</translation>
        </message>
    </context>
    <context>
        <name>ToastBar</name>
        <message>
            <source>Dismiss</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>UserMessage</name>
        <message>
            <source>You: %1</source>
            <translation>你：%1</translation>
        </message>
        <message>
            <source>Edit and ask again</source>
            <translation>编辑并重新提问</translation>
        </message>
        <message>
            <source>Copy question</source>
            <translation>复制问题</translation>
        </message>
    </context>
    <context>
        <name>main</name>
        <message>
            <source>Quit</source>
            <translation>退出</translation>
        </message>
        <message>
            <source>Chats of this session are not saved; export what you want to keep.</source>
            <translation>这次的对话不会保存，想保留的请先导出。</translation>
        </message>
        <message>
            <source>Pellucid ended unexpectedly last time. The report stays on this computer: %1</source>
            <translation>Pellucid 上次意外退出。报告只保存在这台电脑上：%1</translation>
        </message>
        <message>
            <source>Look at the chats only</source>
            <translation>仅查看对话</translation>
        </message>
        <message>
            <source>Open the backup of %1</source>
            <translation>打开 %1 的备份</translation>
        </message>
        <message>
            <source>Start without the stored chats</source>
            <translation>不用已存的对话启动</translation>
        </message>
        <message>
            <source>The chats are open for reading only.</source>
            <translation>对话以只读方式打开。</translation>
        </message>
        <message>
            <source>The daily backup failed. %1</source>
            <translation>每日备份失败。%1</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>The move of the models was interrupted. It is finished now: they are in %1.</source>
            <translation>模型的移动曾中断，现已完成：模型在 %1。</translation>
        </message>
        <message>
            <source>The move of the models to %1 was interrupted. They are where they were.</source>
            <translation>把模型移到 %1 的操作中断了，模型仍在原处。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app</name>
        <message>
            <source>%1 s</source>
            <translation>%1 秒</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%1 分 %2 秒</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 小时 %2 分</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 词元</translation>
        </message>
        <message>
            <source>%1 tok/s</source>
            <translation>%1 词元/秒</translation>
        </message>
        <message>
            <source>first %1</source>
            <translation>首词元 %1</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>速度</translation>
        </message>
        <message>
            <source>First token</source>
            <translation>首词元</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>回答</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>提示词</translation>
        </message>
        <message>
            <source>From cache</source>
            <translation>缓存命中</translation>
        </message>
        <message>
            <source>Guessed ahead</source>
            <translation>提前猜测</translation>
        </message>
        <message>
            <source>%1 of %2 right</source>
            <translation>%2 个中猜对 %1 个</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1%</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Cut off</source>
            <translation>已截断</translation>
        </message>
        <message>
            <source>Interrupted when the program ended</source>
            <translation>程序退出时中断</translation>
        </message>
        <message>
            <source>The reply failed</source>
            <translation>回答失败</translation>
        </message>
        <message>
            <source>The reply reached its limit of tokens.</source>
            <translation>回答已达到词元上限。</translation>
        </message>
        <message>
            <source>What had been written is kept. It can go on from here.</source>
            <translation>已写的内容都保留着，可以从这里继续。</translation>
        </message>
        <message>
            <source>You</source>
            <translation>你</translation>
        </message>
        <message>
            <source>Thought</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>(not finished)</source>
            <translation>（未完成）</translation>
        </message>
        <message>
            <source>This is no JSON file: %1 at byte %2.</source>
            <translation>这不是 JSON 文件：第 %2 字节处 %1。</translation>
        </message>
        <message>
            <source>Choose a JSON export of Pellucid, ChatGPT (conversations.json) or LM Studio.</source>
            <translation>请选择 Pellucid、ChatGPT（conversations.json）或 LM Studio 导出的 JSON 文件。</translation>
        </message>
        <message>
            <source>Pellucid does not know this kind of JSON file.</source>
            <translation>Pellucid 不认识这种 JSON 文件。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::AdapterList</name>
        <message>
            <source>Adapter %1</source>
            <translation>适配器 %1</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatController</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Choose a model first</source>
            <translation>请先选择模型</translation>
        </message>
        <message>
            <source>The prompt would take %1 of %2 tokens and leave too little room for a reply.</source>
            <translation>提示词将占 %2 词元中的 %1，留给回答的空间太少。</translation>
        </message>
        <message>
            <source>Shorten the message, or open the model with a longer context.</source>
            <translation>请缩短消息，或用更长的上下文载入模型。</translation>
        </message>
        <message numerus="yes">
            <source>Send without the %n oldest message(s)</source>
            <translation>
                <numerusform>不带最早的 %n 条消息发送</numerusform>
            </translation>
        </message>
        <message>
            <source>Frees %1 tokens. They stay in the chat.</source>
            <translation>可腾出 %1 词元。这些消息仍留在对话中。</translation>
        </message>
        <message numerus="yes">
            <source>Deleted %n message(s)</source>
            <translation>
                <numerusform>已删除 %n 条消息</numerusform>
            </translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>%1 (copy)</source>
            <translation>%1（副本）</translation>
        </message>
        <message>
            <source>Reload with %1 tokens</source>
            <translation>用 %1 个词元的上下文重新载入</translation>
        </message>
        <message>
            <source>A longer context needs %1 of memory in all; %2 are free.</source>
            <translation>更长的上下文共需 %1 内存；空闲 %2。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatDocument</name>
        <message>
            <source>Reading the prompt</source>
            <translation>正在读取提示词</translation>
        </message>
        <message>
            <source>Loading the model</source>
            <translation>正在载入模型</translation>
        </message>
        <message>
            <source>No model is loaded.</source>
            <translation>没有载入模型。</translation>
        </message>
        <message>
            <source>Choose a model, then try again.</source>
            <translation>请选择模型后重试。</translation>
        </message>
        <message>
            <source>The context is full</source>
            <translation>上下文已满</translation>
        </message>
        <message>
            <source>Open the model with a longer context, or fork from an earlier message.</source>
            <translation>请用更长的上下文载入模型，或从较早的消息另开对话。</translation>
        </message>
        <message>
            <source>Reading the prompt, %1 %</source>
            <translation>正在读取提示词，%1%</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>正在思考</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Cut off at the limit of %1 tokens</source>
            <translation>已在 %1 词元的上限处截断</translation>
        </message>
        <message>
            <source>Continue, or raise the limit in the model's settings.</source>
            <translation>可以继续，或在模型设置中提高上限。</translation>
        </message>
        <message>
            <source>The reply failed</source>
            <translation>回答失败</translation>
        </message>
        <message>
            <source>Answer ready</source>
            <translation>回答完毕</translation>
        </message>
        <message>
            <source>Searching the documents</source>
            <translation>正在检索文档</translation>
        </message>
        <message>
            <source>Reading the passages</source>
            <translation>正在读段落</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ConversationListModel</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message numerus="yes">
            <source>%n result(s)</source>
            <translation>
                <numerusform>%n 条结果</numerusform>
            </translation>
        </message>
        <message>
            <source>Pinned</source>
            <translation>置顶</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>今天</translation>
        </message>
        <message>
            <source>Yesterday</source>
            <translation>昨天</translation>
        </message>
        <message>
            <source>Previous 7 days</source>
            <translation>前 7 天</translation>
        </message>
        <message>
            <source>Older</source>
            <translation>更早</translation>
        </message>
        <message>
            <source>Deleted “%1”</source>
            <translation>已删除“%1”</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DiscoverModel</name>
        <message>
            <source>Download failed</source>
            <translation>下载失败</translation>
        </message>
        <message>
            <source>Paused at %1 %</source>
            <translation>暂停于 %1 %</translation>
        </message>
        <message>
            <source>Checking</source>
            <translation>正在检查</translation>
        </message>
        <message>
            <source>Waiting to download</source>
            <translation>等待下载</translation>
        </message>
        <message>
            <source>Installed</source>
            <translation>已安装</translation>
        </message>
        <message>
            <source>Downloading, %1 %</source>
            <translation>正在下载，%1 %</translation>
        </message>
        <message>
            <source>Needs an account</source>
            <translation>需要账号</translation>
        </message>
        <message>
            <source>Slow</source>
            <translation>慢</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DownloadItem</name>
        <message>
            <source>%1 s</source>
            <translation>%1 秒</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%1 分 %2 秒</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 小时 %2 分</translation>
        </message>
        <message>
            <source>Waiting</source>
            <translation>等待中</translation>
        </message>
        <message>
            <source>Connecting</source>
            <translation>正在连接</translation>
        </message>
        <message>
            <source>%1 · %2 left</source>
            <translation>%1 · 还剩 %2</translation>
        </message>
        <message>
            <source>Checking SHA-256</source>
            <translation>正在校验 SHA-256</translation>
        </message>
        <message>
            <source>Retrying</source>
            <translation>正在重试</translation>
        </message>
        <message>
            <source>Retrying in %1</source>
            <translation>%1后重试</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::DownloadListModel</name>
        <message>
            <source>%1 running</source>
            <translation>%1 个进行中</translation>
        </message>
        <message>
            <source>%1 checking</source>
            <translation>%1 个校验中</translation>
        </message>
        <message>
            <source>%1 waiting</source>
            <translation>%1 个等待</translation>
        </message>
        <message>
            <source>%1 paused</source>
            <translation>%1 个暂停</translation>
        </message>
        <message>
            <source>%1 failed</source>
            <translation>%1 个失败</translation>
        </message>
        <message>
            <source>%1 done</source>
            <translation>%1 个完成</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between counts</comment>
            <translation>、</translation>
        </message>
        <message>
            <source>%1 free after</source>
            <translation>完成后剩余 %1</translation>
        </message>
        <message>
            <source>%1 too little space</source>
            <translation>空间还差 %1</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ExchangeController</name>
        <message>
            <source>Chat</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Saved %1</source>
            <translation>已保存 %1</translation>
        </message>
        <message>
            <source>%1 could not be written: %2.</source>
            <translation>无法写入 %1：%2。</translation>
        </message>
        <message>
            <source>Choose another folder, or free some space.</source>
            <translation>请换一个文件夹，或腾出一些空间。</translation>
        </message>
        <message>
            <source>%1 could not be read: %2.</source>
            <translation>无法读取 %1：%2。</translation>
        </message>
        <message>
            <source>There are no conversations in this file.</source>
            <translation>这个文件里没有对话。</translation>
        </message>
        <message numerus="yes">
            <source>Imported %n conversation(s)</source>
            <translation>
                <numerusform>已导入 %n 个对话</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::FoundModelList</name>
        <message>
            <source>%1 and %2</source>
            <translation>%1 和 %2</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between programs</comment>
            <translation>、</translation>
        </message>
        <message>
            <source>One model of %1 is on this computer, %2</source>
            <translation>这台电脑上有 %1 的一个模型，%2</translation>
        </message>
        <message>
            <source>%1 models of %2 are on this computer, %3</source>
            <translation>这台电脑上有 %2 的 %1 个模型，共 %3</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::MemoryBarModel</name>
        <message>
            <source>Weights</source>
            <translation>权重</translation>
        </message>
        <message>
            <source>Weights, %1</source>
            <translation>权重，%1</translation>
        </message>
        <message>
            <source>Context, %1 tokens</source>
            <translation>上下文，%1 词元</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>上下文</translation>
        </message>
        <message>
            <source>Working space</source>
            <translation>工作区</translation>
        </message>
        <message>
            <source>Other programs</source>
            <translation>其他程序</translation>
        </message>
        <message>
            <source>Free</source>
            <translation>空闲</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>GPU memory</source>
            <translation>显存</translation>
        </message>
        <message>
            <source>System memory</source>
            <translation>内存</translation>
        </message>
        <message>
            <source>%1 of %2 GiB</source>
            <translation>%1 / %2 GiB</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelController</name>
        <message>
            <source>Loading %1, %2 %</source>
            <translation>正在载入 %1，%2%</translation>
        </message>
        <message>
            <source>Needs %1 of %2 free: weights %3, context %4, working space %5</source>
            <translation>需要 %1，空闲 %2：权重 %3，上下文 %4，工作空间 %5</translation>
        </message>
        <message>
            <source>The starter model is not installed on this computer.</source>
            <translation>这台电脑上没有随附的小模型。</translation>
        </message>
        <message>
            <source>%1 is included (%2). Good for a first look.</source>
            <translation>已随附 %1（%2），适合先试一试。</translation>
        </message>
        <message>
            <source>%1 needs %2 and %3 are free.</source>
            <translation>%1 需要 %2，而空闲的只有 %3。</translation>
        </message>
        <message>
            <source>Close other programs, choose a shorter context, or take a smaller model.</source>
            <translation>请关闭其他程序、缩短上下文，或换一个更小的模型。</translation>
        </message>
        <message>
            <source>Removed %1 from the list. The file stays.</source>
            <translation>已从列表移除 %1，文件仍在。</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>The starter model could not be copied to %1: %2</source>
            <translation>无法把随附的模型复制到 %1：%2</translation>
        </message>
        <message>
            <source>Free some space, then try again.</source>
            <translation>请腾出一些空间后重试。</translation>
        </message>
        <message>
            <source>Check that the data folder can be written.</source>
            <translation>请检查数据文件夹是否可写。</translation>
        </message>
        <message>
            <source>There is no file and no model called &quot;%1&quot;.</source>
            <translation>没有名为“%1”的文件或模型。</translation>
        </message>
        <message>
            <source>There are: %1.</source>
            <translation>现有的模型：%1。</translation>
        </message>
        <message>
            <source>Several models are called &quot;%1&quot;.</source>
            <translation>有多个模型叫“%1”。</translation>
        </message>
        <message>
            <source>Ask for one of them: %1.</source>
            <translation>请写明其中一个：%1。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelDetail</name>
        <message>
            <source>There are no GGUF files in this repository.</source>
            <translation>这个仓库里没有 GGUF 文件。</translation>
        </message>
        <message>
            <source>Look for one whose name ends in GGUF.</source>
            <translation>请找名称以 GGUF 结尾的仓库。</translation>
        </message>
        <message>
            <source>A file on this computer</source>
            <translation>这台电脑上的文件</translation>
        </message>
        <message>
            <source>d MMM yyyy</source>
            <comment>date</comment>
            <translation>yyyy年M月d日</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>规模</translation>
        </message>
        <message>
            <source>%1 parameters</source>
            <translation>%1 参数</translation>
        </message>
        <message>
            <source>Trained context</source>
            <translation>训练上下文</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 词元</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Languages</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between languages</comment>
            <translation>、</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>Digest</source>
            <translation>摘要</translation>
        </message>
        <message>
            <source>Checked</source>
            <translation>检查于</translation>
        </message>
        <message>
            <source>Last used</source>
            <translation>上次使用</translation>
        </message>
        <message>
            <source>Generated</source>
            <translation>已生成</translation>
        </message>
        <message>
            <source>From</source>
            <translation>来自</translation>
        </message>
        <message>
            <source>Parts</source>
            <translation>分卷</translation>
        </message>
        <message>
            <source>Download %1</source>
            <translation>下载 %1</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Installed</source>
            <translation>已安装</translation>
        </message>
        <message>
            <source>Waiting to download</source>
            <translation>等待下载</translation>
        </message>
        <message>
            <source>Checking SHA-256</source>
            <translation>正在校验 SHA-256</translation>
        </message>
        <message>
            <source>Paused at %1 %</source>
            <translation>暂停于 %1 %</translation>
        </message>
        <message>
            <source>Download failed</source>
            <translation>下载失败</translation>
        </message>
        <message>
            <source>Downloading, %1 %</source>
            <translation>正在下载，%1 %</translation>
        </message>
        <message>
            <source>None fits</source>
            <translation>都放不下</translation>
        </message>
        <message>
            <source>All %1 fit</source>
            <translation>全部 %1 都放得下</translation>
        </message>
        <message>
            <source>%1 fits</source>
            <translation>%1 放得下</translation>
        </message>
        <message>
            <source>%1 of %2 layers</source>
            <translation>%1 / %2 层</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelKeeping</name>
        <message>
            <source>Delete %1?</source>
            <translation>删除 %1？</translation>
        </message>
        <message>
            <source>Take %1 off the list?</source>
            <translation>把 %1 移出列表？</translation>
        </message>
        <message>
            <source>Its file stays where it is. Chats keep what they say.</source>
            <translation>文件留在原处。对话内容不变。</translation>
        </message>
        <message>
            <source>Frees nothing: %1 uses the same bytes. Chats keep what they say.</source>
            <translation>不会腾出空间：%1 也在用同样的数据。对话内容不变。</translation>
        </message>
        <message>
            <source>Frees %1. Chats keep what they say; the model can be downloaded again.</source>
            <translation>腾出 %1。对话内容不变；模型可以重新下载。</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
        <message>
            <source>Take off</source>
            <translation>移出</translation>
        </message>
        <message>
            <source>%1 is deleted; %2 are free again.</source>
            <translation>已删除 %1，腾出 %2。</translation>
        </message>
        <message>
            <source>%1 is deleted.</source>
            <translation>已删除 %1。</translation>
        </message>
        <message>
            <source>%1 is whole: every byte is as it was published.</source>
            <translation>%1 完整：每个字节都与发布时相同。</translation>
        </message>
        <message>
            <source>%1 is damaged in %2 places.</source>
            <translation>%1 有 %2 处损坏。</translation>
        </message>
        <message>
            <source>%1 is damaged.</source>
            <translation>%1 已损坏。</translation>
        </message>
        <message>
            <source>Repair</source>
            <translation>修复</translation>
        </message>
        <message>
            <source>%1 is being repaired: only what is damaged is fetched.</source>
            <translation>正在修复 %1：只重新获取损坏的部分。</translation>
        </message>
        <message>
            <source>Delete it and download it again.</source>
            <translation>请删除后重新下载。</translation>
        </message>
        <message>
            <source>%1 files are there twice: %2</source>
            <translation>%1 个文件有两份：%2</translation>
        </message>
        <message>
            <source>%1 files belong to no model: %2</source>
            <translation>%1 个文件不属于任何模型：%2</translation>
        </message>
        <message>
            <source>%1 are free again; every model is still there.</source>
            <translation>腾出了 %1；每个模型都还在。</translation>
        </message>
        <message>
            <source>%1 are free again.</source>
            <translation>腾出了 %1。</translation>
        </message>
        <message>
            <source>The models are in %1 now.</source>
            <translation>模型现在位于 %1。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelListModel</name>
        <message>
            <source>Needs %1 GiB</source>
            <translation>需要 %1 GiB</translation>
        </message>
        <message>
            <source>Fits in memory</source>
            <translation>内存放得下</translation>
        </message>
        <message>
            <source>Needs %1 GiB more</source>
            <translation>还差 %1 GiB</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelSettingsBackend</name>
        <message numerus="yes">
            <source>%n settings need a reload.</source>
            <translation>
                <numerusform>有 %n 项设置需要重新载入模型。</numerusform>
            </translation>
        </message>
        <message>
            <source>Context length needs a reload.</source>
            <translation>上下文长度需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The number of threads needs a reload.</source>
            <translation>线程数需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The device needs a reload.</source>
            <translation>设备需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The cache format needs a reload.</source>
            <translation>缓存格式需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>Guessing ahead needs a reload.</source>
            <translation>提前猜测需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>权重</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>上下文</translation>
        </message>
        <message>
            <source>Working space</source>
            <translation>工作区</translation>
        </message>
        <message>
            <source>Free</source>
            <translation>空闲</translation>
        </message>
        <message>
            <source>%1 of %2 GiB</source>
            <translation>%1 / %2 GiB</translation>
        </message>
        <message>
            <source>Fits in memory</source>
            <translation>内存放得下</translation>
        </message>
        <message>
            <source>Needs %1 GiB more</source>
            <translation>还差 %1 GiB</translation>
        </message>
        <message>
            <source>loaded</source>
            <translation>已载入</translation>
        </message>
        <message>
            <source>%1 · loaded</source>
            <translation>%1 · 已载入</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::NetworkLedgerModel</name>
        <message>
            <source>d MMM HH:mm</source>
            <comment>date and time</comment>
            <translation>M月d日 HH:mm</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>搜索</translation>
        </message>
        <message>
            <source>File header</source>
            <translation>文件头</translation>
        </message>
        <message>
            <source>Checksum</source>
            <translation>校验和</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Refused: offline</source>
            <translation>已拒绝：离线</translation>
        </message>
        <message>
            <source>%1 received</source>
            <translation>收到 %1</translation>
        </message>
        <message>
            <source>One connection</source>
            <translation>一次连接</translation>
        </message>
        <message>
            <source>%1 connections</source>
            <translation>%1 次连接</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ShortcutList</name>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>窗口</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Search chats</source>
            <translation>搜索对话</translation>
        </message>
        <message>
            <source>Rename the chosen chat</source>
            <translation>重命名所选对话</translation>
        </message>
        <message>
            <source>Delete the chosen chat</source>
            <translation>删除所选对话</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>发送</translation>
        </message>
        <message>
            <source>New line</source>
            <translation>换行</translation>
        </message>
        <message>
            <source>Stop the reply</source>
            <translation>停止回答</translation>
        </message>
        <message>
            <source>Edit the last question</source>
            <translation>编辑上一个问题</translation>
        </message>
        <message>
            <source>Earlier version of a message</source>
            <translation>消息的上一个版本</translation>
        </message>
        <message>
            <source>Later version of a message</source>
            <translation>消息的下一个版本</translation>
        </message>
        <message>
            <source>Copy the last answer</source>
            <translation>复制最后的回答</translation>
        </message>
        <message>
            <source>Answer now</source>
            <translation>立即回答</translation>
        </message>
        <message>
            <source>Pause or resume thinking</source>
            <translation>暂停或继续思考</translation>
        </message>
        <message>
            <source>Fold or unfold a thought</source>
            <translation>折叠或展开思考</translation>
        </message>
        <message>
            <source>Choose when to think</source>
            <translation>选择何时思考</translation>
        </message>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Show or hide the sidebar</source>
            <translation>显示或隐藏侧边栏</translation>
        </message>
        <message>
            <source>Next part of the window</source>
            <translation>窗口的下一区域</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>放大</translation>
        </message>
        <message>
            <source>Smaller</source>
            <translation>缩小</translation>
        </message>
        <message>
            <source>Normal size</source>
            <translation>正常大小</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>键盘快捷键</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>退出</translation>
        </message>
        <message>
            <source>Next passage cited</source>
            <translation>下一个引用的段落</translation>
        </message>
        <message>
            <source>Passage cited before it</source>
            <translation>上一个引用的段落</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::SystemInfo</name>
        <message>
            <source>%1, memory %2</source>
            <translation>%1，内存 %2</translation>
        </message>
        <message>
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <source>%1 / %2 GiB</source>
            <translation>%1 / %2 GiB</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ThoughtState</name>
        <message>
            <source>Thinking</source>
            <translation>正在思考</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Thought for %1</source>
            <translation>思考了 %1</translation>
        </message>
        <message>
            <source>Answered early at %1</source>
            <translation>在 %1 提前作答</translation>
        </message>
        <message>
            <source>Cut off</source>
            <translation>已截断</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Interrupted</source>
            <translation>已中断</translation>
        </message>
        <message numerus="yes">
            <source>%1 tokens</source>
            <translation>
                <numerusform>%1 词元</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 of %2 tokens</source>
            <translation>%1 / %2 词元</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::Workspace</name>
        <message>
            <source>What you see stays in memory until then; export it to be safe.</source>
            <translation>在此之前，眼前的内容只在内存里；为保险起见，请先导出。</translation>
        </message>
        <message>
            <source>%1 is downloaded</source>
            <translation>%1 已下载</translation>
        </message>
        <message>
            <source>Every byte was checked. It is ready to use.</source>
            <translation>每个字节都已校验，可以使用了。</translation>
        </message>
        <message>
            <source>The download of %1 stopped</source>
            <translation>%1 的下载停止了</translation>
        </message>
    </context>
    <context>
        <name>pellucid::errors</name>
        <message>
            <source>%1 is no longer there</source>
            <translation>%1 已不在那里</translation>
        </message>
        <message>
            <source>no permission to read %1</source>
            <translation>没有权限读取 %1</translation>
        </message>
        <message>
            <source>%1 is a link that leads round in a circle</source>
            <translation>%1 是绕成一圈的链接</translation>
        </message>
        <message>
            <source>%1 is no regular file</source>
            <translation>%1 不是普通文件</translation>
        </message>
        <message>
            <source>%1 is larger than %2 MB, which is the most read</source>
            <translation>%1 超过 %2 MB，即可读取的上限</translation>
        </message>
        <message>
            <source>the import was stopped</source>
            <translation>导入已停止</translation>
        </message>
        <message>
            <source>the search was stopped</source>
            <translation>搜索已停止</translation>
        </message>
        <message>
            <source>the folder %1 cannot be listed</source>
            <translation>无法列出文件夹 %1 的内容</translation>
        </message>
        <message>
            <source>%1 is not in the document library</source>
            <translation>%1 不在文档库中</translation>
        </message>
        <message>
            <source>folders cannot be followed: %1</source>
            <translation>无法跟踪文件夹的变化：%1</translation>
        </message>
        <message>
            <source>no embedding model is installed: found by words alone</source>
            <translation>没有安装嵌入模型：只按字词查找</translation>
        </message>
        <message>
            <source>no embedding model is installed: documents are found by words alone</source>
            <translation>没有安装嵌入模型：文档只能按字词查找</translation>
        </message>
        <message>
            <source>nothing is embedded yet: found by words alone</source>
            <translation>还没有嵌入任何内容：只按字词查找</translation>
        </message>
        <message>
            <source>the question was taken back</source>
            <translation>问题已撤回</translation>
        </message>
        <message>
            <source>the question is empty</source>
            <translation>问题是空的</translation>
        </message>
        <message>
            <source>the question and its instructions need about %1 tokens, and there are %2</source>
            <translation>问题及其说明约需 %1 个词元，而可用的只有 %2 个</translation>
        </message>
        <message>
            <source>the question and its instructions need %1 tokens, and there are %2</source>
            <translation>问题及其说明需要 %1 个词元，而可用的只有 %2 个</translation>
        </message>
        <message>
            <source>This document is no longer in its collection.</source>
            <translation>此文档已不在它的文档集中。</translation>
        </message>
        <message>
            <source>This document is no longer in the index.</source>
            <translation>此文档已不在索引中。</translation>
        </message>
        <message>
            <source>This passage does not lie within its document&apos;s text.</source>
            <translation>此段落不在其文档的文本范围内。</translation>
        </message>
        <message>
            <source>A stored page of a document is damaged</source>
            <translation>已存储的一个文档页面已损坏</translation>
        </message>
        <message>
            <source>A stored vector of a passage is damaged</source>
            <translation>已存储的一个段落向量已损坏</translation>
        </message>
        <message>
            <source>A %1 of this document lies outside of its text.</source>
            <translation>此文档的一个部分（%1）超出了它的文本。</translation>
        </message>
        <message>
            <source>This document&apos;s text is longer than 2 GB.</source>
            <translation>此文档的文本超过 2 GB。</translation>
        </message>
        <message>
            <source>An embedding model without vectors cannot be used.</source>
            <translation>不能使用没有向量的嵌入模型。</translation>
        </message>
        <message>
            <source>The embedding model %1 gives vectors of another length than before.</source>
            <translation>嵌入模型 %1 给出的向量长度与以前不同。</translation>
        </message>
        <message>
            <source>A vector of a passage has another length than its model&apos;s.</source>
            <translation>一个段落的向量长度与其模型不符。</translation>
        </message>
        <message>
            <source>A collection of documents needs a name.</source>
            <translation>文档集需要一个名称。</translation>
        </message>
        <message>
            <source>This collection of documents is no longer there.</source>
            <translation>此文档集已不存在。</translation>
        </message>
        <message>
            <source>This folder of documents is no longer followed.</source>
            <translation>此文档文件夹已不再被跟踪。</translation>
        </message>
        <message>
            <source>Add it again from where it is now.</source>
            <translation>请从它现在的位置重新添加。</translation>
        </message>
        <message>
            <source>Make the file readable for you and add it again.</source>
            <translation>请让您有权读取此文件，然后重新添加。</translation>
        </message>
        <message>
            <source>Add the file itself.</source>
            <translation>请直接添加该文件本身。</translation>
        </message>
        <message>
            <source>Check the disk and add the file again.</source>
            <translation>请检查磁盘，然后重新添加该文件。</translation>
        </message>
        <message>
            <source>Add files and folders.</source>
            <translation>请添加文件或文件夹。</translation>
        </message>
        <message>
            <source>Split the file.</source>
            <translation>请把文件拆分开。</translation>
        </message>
        <message>
            <source>Make it readable for you, and it is looked through again.</source>
            <translation>请让您有权读取它，之后会重新查看。</translation>
        </message>
        <message>
            <source>Check the name, and that its disk is mounted.</source>
            <translation>请检查名称，并确认其磁盘已挂载。</translation>
        </message>
        <message>
            <source>pellucid-cli docs list shows what it has.</source>
            <translation>pellucid-cli docs list 会列出其中的内容。</translation>
        </message>
        <message>
            <source>Check the disk and try again.</source>
            <translation>请检查磁盘后重试。</translation>
        </message>
        <message>
            <source>Close programs that watch many folders, or look through the folders by hand.</source>
            <translation>请关闭监视许多文件夹的程序，或手动重新查看文件夹。</translation>
        </message>
        <message>
            <source>write a question</source>
            <translation>请写下问题</translation>
        </message>
        <message>
            <source>shorten the question, or open the model with a longer context</source>
            <translation>请缩短问题，或用更长的上下文打开模型</translation>
        </message>
        <message>
            <source>It may have been removed meanwhile; look at the list again.</source>
            <translation>它可能已在此期间被移除；请再看一下列表。</translation>
        </message>
        <message>
            <source>Add it again.</source>
            <translation>请重新添加。</translation>
        </message>
        <message>
            <source>Add the document again.</source>
            <translation>请重新添加该文档。</translation>
        </message>
        <message>
            <source>Remove the document and add it again; its file is not touched.</source>
            <translation>请移除该文档并重新添加；它的文件不会改动。</translation>
        </message>
        <message>
            <source>Choose another embedding model.</source>
            <translation>请选择其他嵌入模型。</translation>
        </message>
        <message>
            <source>Choose the embedding model again; the documents are then embedded anew.</source>
            <translation>请重新选择该嵌入模型；文档随后会重新嵌入。</translation>
        </message>
        <message>
            <source>Embed the documents anew.</source>
            <translation>请重新嵌入这些文档。</translation>
        </message>
        <message>
            <source>choose a GGUF model file</source>
            <translation>请选择 GGUF 模型文件</translation>
        </message>
        <message>
            <source>this is a zip archive or a PyTorch checkpoint; download a GGUF file</source>
            <translation>这是 zip 压缩包或 PyTorch 检查点；请下载 GGUF 文件</translation>
        </message>
        <message>
            <source>this is a web page saved in place of the model; download the file again</source>
            <translation>这是网页而不是模型；请重新下载文件</translation>
        </message>
        <message>
            <source>this looks like a safetensors file; open its folder instead</source>
            <translation>这像是 safetensors 文件；请改为打开它的文件夹</translation>
        </message>
        <message>
            <source>cannot %1 /%2: %3</source>
            <translation>无法%1 /%2：%3</translation>
        </message>
        <message>
            <source>open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>map</source>
            <translation>映射</translation>
        </message>
        <message>
            <source>read the size of</source>
            <translation>读取大小</translation>
        </message>
        <message>
            <source>the file does not say what model it holds; choose a language model in GGUF form</source>
            <translation>文件没有说明装的是什么模型；请选择 GGUF 格式的语言模型</translation>
        </message>
        <message>
            <source>a context of %1 tokens fits</source>
            <translation>%1 个词元的上下文放得下</translation>
        </message>
        <message>
            <source>close other programs, or choose a smaller model or a stronger quantisation</source>
            <translation>请关闭其他程序，或选择更小的模型或更强的量化</translation>
        </message>
        <message>
            <source>Pellucid is already open on this data folder (process %1): %2</source>
            <translation>Pellucid 已在使用此数据文件夹（进程 %1）：%2</translation>
        </message>
        <message>
            <source>Another program is using %1</source>
            <translation>另一个程序正在使用 %1</translation>
        </message>
        <message>
            <source>The disk is full: could not write %1</source>
            <translation>磁盘已满，无法写入 %1</translation>
        </message>
        <message>
            <source>No permission to write %1: %2</source>
            <translation>没有写入 %1 的权限：%2</translation>
        </message>
        <message>
            <source>could not make the folder %1: %2</source>
            <translation>无法创建文件夹 %1：%2</translation>
        </message>
        <message>
            <source>could not read or write %1: %2</source>
            <translation>无法读写 %1：%2</translation>
        </message>
        <message>
            <source>could not write %1: %2</source>
            <translation>无法写入 %1：%2</translation>
        </message>
        <message>
            <source>could not open %1: %2</source>
            <translation>无法打开 %1：%2</translation>
        </message>
        <message>
            <source>could not read %1: %2</source>
            <translation>无法读取 %1：%2</translation>
        </message>
        <message>
            <source>could not lock %1: %2</source>
            <translation>无法锁定 %1：%2</translation>
        </message>
        <message>
            <source>could not rename %1: %2</source>
            <translation>无法重命名 %1：%2</translation>
        </message>
        <message>
            <source>The database %1 is damaged: %2</source>
            <translation>数据库 %1 已损坏：%2</translation>
        </message>
        <message>
            <source>The database %1 was written by a newer Pellucid (schema %2, this one knows %3)</source>
            <translation>数据库 %1 由更新的 Pellucid 写成（结构版本 %2，此版本只到 %3）</translation>
        </message>
        <message>
            <source>The database %1 was written by an older Pellucid (schema %2, this one reads %3)</source>
            <translation>数据库 %1 由较旧的 Pellucid 写成（结构版本 %2，此版本读取 %3）</translation>
        </message>
        <message>
            <source>The database %1 is open for reading only</source>
            <translation>数据库 %1 以只读方式打开</translation>
        </message>
        <message>
            <source>%1 is a database of another program</source>
            <translation>%1 是其他程序的数据库</translation>
        </message>
        <message>
            <source>There is no backup %1</source>
            <translation>备份 %1 不存在</translation>
        </message>
        <message>
            <source>out of memory while using %1</source>
            <translation>使用 %1 时内存不足</translation>
        </message>
        <message>
            <source>This conversation is no longer there.</source>
            <translation>此对话已不存在。</translation>
        </message>
        <message>
            <source>There is no conversation %1</source>
            <translation>对话 %1 不存在</translation>
        </message>
        <message>
            <source>There is no message %1</source>
            <translation>消息 %1 不存在</translation>
        </message>
        <message>
            <source>Message %1 was deleted</source>
            <translation>消息 %1 已被删除</translation>
        </message>
        <message>
            <source>%1 is not a GGUF file (its first bytes are not 'GGUF')</source>
            <translation>%1 不是 GGUF 文件（开头的字节不是“GGUF”）</translation>
        </message>
        <message>
            <source>%1 is not a regular file</source>
            <translation>%1 不是普通文件</translation>
        </message>
        <message>
            <source>%1 is a big-endian GGUF file</source>
            <translation>%1 是大端序的 GGUF 文件</translation>
        </message>
        <message>
            <source>%1 is empty</source>
            <translation>%1 是空文件</translation>
        </message>
        <message>
            <source>%1: GGUF version %2 is not one this program reads (2, 3)</source>
            <translation>%1：此程序不读取 GGUF 版本 %2（只读 2 和 3）</translation>
        </message>
        <message>
            <source>%1: general.architecture is %2</source>
            <translation>%1：模型架构是 %2，此版本无法运行</translation>
        </message>
        <message>
            <source>%1: %2 has the type code %3, which this program does not know</source>
            <translation>%1：%2 的类型码是 %3，此程序不认识</translation>
        </message>
        <message>
            <source>%1: split.no is %2 and split.count %3</source>
            <translation>%1：split.no 为 %2，split.count 为 %3</translation>
        </message>
        <message>
            <source>%1: tensor %2 is in another part too</source>
            <translation>%1：张量 %2 也在另一个分卷里</translation>
        </message>
        <message>
            <source>%1: split.tensors.count is %2, but the parts hold %3 tensors</source>
            <translation>%1：split.tensors.count 为 %2，但各分卷共有 %3 个张量</translation>
        </message>
        <message>
            <source>%1: this is part %2 of %3 of a model (split.no, split.count), but its name does not end in %4</source>
            <translation>%1：这是模型的第 %2 个分卷，共 %3 个（split.no, split.count），但文件名不以 %4 结尾</translation>
        </message>
        <message>
            <source>%1 is missing: part %2 of %3 of this model</source>
            <translation>缺少 %1：它是这个模型的第 %2 个分卷，共 %3 个</translation>
        </message>
        <message>
            <source>%1 says that it is part %2 of %3</source>
            <translation>%1 自称是第 %2 个分卷，共 %3 个</translation>
        </message>
        <message>
            <source>%1 is the picture part of a model (mmproj), not a model of language</source>
            <translation>%1 是模型的图像部分（mmproj），不是语言模型</translation>
        </message>
        <message>
            <source>%1 is an adapter (LoRA), not a model</source>
            <translation>%1 是适配器（LoRA），不是模型</translation>
        </message>
        <message>
            <source>the parts are of different models or damaged; download all of them again</source>
            <translation>这些分卷属于不同的模型或已损坏；请全部重新下载</translation>
        </message>
        <message>
            <source>give all parts the names they were published under, so that they are found</source>
            <translation>请恢复各分卷发布时的文件名，这样才能找到它们</translation>
        </message>
        <message>
            <source>download all parts into one folder</source>
            <translation>请把所有分卷下载到同一个文件夹</translation>
        </message>
        <message>
            <source>open the model that lies beside it; this version reads text only</source>
            <translation>请打开它旁边的模型；此版本只能读取文字</translation>
        </message>
        <message>
            <source>open the model that it was made for, and add the adapter to it</source>
            <translation>请打开它所对应的模型，再把适配器加到模型上</translation>
        </message>
        <message>
            <source>%1 is missing: a part of this model</source>
            <translation>缺少 %1：它是这个模型的一部分</translation>
        </message>
        <message>
            <source>%1 lacks tensor %2, which %3 places there</source>
            <translation>%1 中没有张量 %2，而 %3 说它在那里</translation>
        </message>
        <message>
            <source>%1 has no weight_map</source>
            <translation>%1 中没有 weight_map</translation>
        </message>
        <message>
            <source>%1 places %2 in something else than a safetensors file of this folder</source>
            <translation>%1 把 %2 放在了本文件夹 safetensors 文件之外的地方</translation>
        </message>
        <message>
            <source>%1 is a Python pickle (a PyTorch checkpoint); reading one runs whatever code it holds</source>
            <translation>%1 是 Python pickle（PyTorch 检查点）；读取它会运行其中的任何代码</translation>
        </message>
        <message>
            <source>%1 holds no model.safetensors</source>
            <translation>%1 中没有 model.safetensors</translation>
        </message>
        <message>
            <source>%1 holds no config.json</source>
            <translation>%1 中没有 config.json</translation>
        </message>
        <message>
            <source>%1: tensor %2 is in another file of the folder too</source>
            <translation>%1：张量 %2 也在文件夹的另一个文件里</translation>
        </message>
        <message>
            <source>%1 is not a JSON object</source>
            <translation>%1 不是 JSON 对象</translation>
        </message>
        <message>
            <source>%1 has %2 bytes, more than such a file can need</source>
            <translation>%1 有 %2 字节，超过了这种文件可能的大小</translation>
        </message>
        <message>
            <source>tensor %1 has the number format %2, which no weight of this model can have</source>
            <translation>张量 %1 的数值格式为 %2，这个模型的权重不可能是这种格式</translation>
        </message>
        <message>
            <source>tensor %1 has %2 rows, which %3 heads do not divide into pairs</source>
            <translation>张量 %1 有 %2 行，无法按 %3 个注意力头成对划分</translation>
        </message>
        <message>
            <source>the experts of %1 have shapes %2 and %3</source>
            <translation>%1 的各专家形状不一：%2 和 %3</translation>
        </message>
        <message>
            <source>expert %1 of %2 is missing</source>
            <translation>缺少 %2 的第 %1 个专家</translation>
        </message>
        <message>
            <source>tensor %1 is missing, and tie_word_embeddings is false</source>
            <translation>缺少张量 %1，而 tie_word_embeddings 为 false</translation>
        </message>
        <message>
            <source>%1: a scale is not a finite number</source>
            <translation>%1：有一个缩放系数不是有限的数</translation>
        </message>
        <message>
            <source>%1: qweight, qzeros or scales are missing or of another form</source>
            <translation>%1：缺少 qweight、qzeros 或 scales，或其形式不对</translation>
        </message>
        <message>
            <source>%1: qweight %2, qzeros %3 and scales %4 do not belong together</source>
            <translation>%1：qweight %2、qzeros %3 与 scales %4 互不相符</translation>
        </message>
        <message>
            <source>%1: input %2 is in group %3 of %4</source>
            <translation>%1：第 %2 个输入属于第 %3 组，而总共只有 %4 组</translation>
        </message>
        <message>
            <source>%1: its weight is packed, but config.json has no quantization_config for it</source>
            <translation>%1：权重是打包的，但 config.json 没有相应的 quantization_config</translation>
        </message>
        <message>
            <source>%1: its weight or the scales weight_scale_inv are missing</source>
            <translation>%1：缺少权重或缩放系数 weight_scale_inv</translation>
        </message>
        <message>
            <source>%1: its weight holds a value that is no number</source>
            <translation>%1：权重中有一个值不是数</translation>
        </message>
        <message>
            <source>model_type is %1</source>
            <translation>model_type 为 %1</translation>
        </message>
        <message>
            <source>%1 is not a whole number</source>
            <translation>%1 不是整数</translation>
        </message>
        <message>
            <source>%1 is not a number</source>
            <translation>%1 不是数</translation>
        </message>
        <message>
            <source>%1 is not a text</source>
            <translation>%1 不是文本</translation>
        </message>
        <message>
            <source>%1 is not true or false</source>
            <translation>%1 不是 true 或 false</translation>
        </message>
        <message>
            <source>hidden_act is %1</source>
            <translation>hidden_act 为 %1</translation>
        </message>
        <message>
            <source>rope_scaling is of type %1</source>
            <translation>rope_scaling 的类型为 %1</translation>
        </message>
        <message>
            <source>quantization_config.quant_method is %1</source>
            <translation>quantization_config.quant_method 为 %1</translation>
        </message>
        <message>
            <source>layer_types is not in the order that this family has</source>
            <translation>layer_types 的顺序与这一族模型不符</translation>
        </message>
        <message>
            <source>%1: the tokenizer has %2 tokens, but %3 has %4 rows</source>
            <translation>%1：分词器有 %2 个词元，但 %3 只有 %4 行</translation>
        </message>
        <message>
            <source>%1: tensor %2 changes a layer that this model has not, or that cannot be adapted</source>
            <translation>%1：张量 %2 要改变的层在这个模型中不存在，或不能适配</translation>
        </message>
        <message>
            <source>%1: tensor %2 has shape %3, the model needs %4</source>
            <translation>%1：张量 %2 的形状为 %3，而模型需要 %4</translation>
        </message>
        <message>
            <source>%1: tensor %2 has no other half</source>
            <translation>%1：张量 %2 缺少与之配对的另一半</translation>
        </message>
        <message>
            <source>%1 changes no layer of this model</source>
            <translation>%1 没有改变这个模型的任何层</translation>
        </message>
        <message>
            <source>%1 is not an adapter (general.type is %2)</source>
            <translation>%1 不是适配器（general.type 为 %2）</translation>
        </message>
        <message>
            <source>%1 is for models of architecture %2, this one is %3</source>
            <translation>%1 适用于架构为 %2 的模型，而这个模型是 %3</translation>
        </message>
        <message>
            <source>%1: tensor %2 is not part of a LoRA adapter</source>
            <translation>%1：张量 %2 不属于 LoRA 适配器</translation>
        </message>
        <message>
            <source>%1 holds no adapter_config.json</source>
            <translation>%1 中没有 adapter_config.json</translation>
        </message>
        <message>
            <source>the device %1 does not run adapters (LoRA)</source>
            <translation>设备 %1 不能运行适配器（LoRA）</translation>
        </message>
        <message>
            <source>%1: the strength of an adapter goes up to 100</source>
            <translation>%1：适配器的强度最大为 100</translation>
        </message>
        <message>
            <source>download the whole folder again</source>
            <translation>请重新下载整个文件夹</translation>
        </message>
        <message>
            <source>download the folder again</source>
            <translation>请重新下载该文件夹</translation>
        </message>
        <message>
            <source>use the model's safetensors files, or a GGUF file; both hold numbers only</source>
            <translation>请使用该模型的 safetensors 文件或 GGUF 文件；两者都只含数值</translation>
        </message>
        <message>
            <source>download the folder with its safetensors files, or choose a GGUF file</source>
            <translation>请下载带有 safetensors 文件的文件夹，或选择 GGUF 文件</translation>
        </message>
        <message>
            <source>choose the folder of a model as it was published, or a GGUF file</source>
            <translation>请选择按发布原样保存的模型文件夹，或 GGUF 文件</translation>
        </message>
        <message>
            <source>choose the model in BF16, F16, FP8, GPTQ or AWQ, or as a GGUF file</source>
            <translation>请选择 BF16、F16、FP8、GPTQ 或 AWQ 格式的模型，或 GGUF 文件</translation>
        </message>
        <message>
            <source>config.json and the weights are of different models; download both again</source>
            <translation>config.json 与权重属于不同的模型；请都重新下载</translation>
        </message>
        <message>
            <source>config.json is damaged or not of this model; download the folder again</source>
            <translation>config.json 已损坏或不属于这个模型；请重新下载该文件夹</translation>
        </message>
        <message>
            <source>the weights are damaged; download the folder again</source>
            <translation>权重已损坏；请重新下载该文件夹</translation>
        </message>
        <message>
            <source>the weights are incomplete; download the folder again</source>
            <translation>权重不完整；请重新下载该文件夹</translation>
        </message>
        <message>
            <source>the weights are damaged or of another packing; download the folder again</source>
            <translation>权重已损坏或采用了其他打包方式；请重新下载该文件夹</translation>
        </message>
        <message>
            <source>this version knows linear, yarn, llama3 and longrope; use a newer one or another model</source>
            <translation>此版本支持 linear、yarn、llama3 和 longrope；请使用更新的版本或其他模型</translation>
        </message>
        <message>
            <source>tokenizer and weights are of different models; download both again</source>
            <translation>分词器与权重属于不同的模型；请都重新下载</translation>
        </message>
        <message>
            <source>use an adapter that was made for this model</source>
            <translation>请使用为这个模型制作的适配器</translation>
        </message>
        <message>
            <source>download the adapter again</source>
            <translation>请重新下载该适配器</translation>
        </message>
        <message>
            <source>choose a LoRA adapter in GGUF form or a PEFT folder</source>
            <translation>请选择 GGUF 格式的 LoRA 适配器或 PEFT 文件夹</translation>
        </message>
        <message>
            <source>choose a LoRA adapter</source>
            <translation>请选择 LoRA 适配器</translation>
        </message>
        <message>
            <source>choose a plain LoRA adapter</source>
            <translation>请选择普通的 LoRA 适配器</translation>
        </message>
        <message>
            <source>choose --device cpu, or do without the adapter</source>
            <translation>请选择 --device cpu，或不使用适配器</translation>
        </message>
        <message>
            <source>give a strength such as 1 or 0.5</source>
            <translation>请给出 1 或 0.5 这样的强度</translation>
        </message>
        <message>
            <source>%1: this is one of %2 parts of a model (split.count)</source>
            <translation>%1：这只是模型 %2 个分卷之一（split.count）</translation>
        </message>
        <message>
            <source>%1: tensor %2 is missing from this %3 model</source>
            <translation>%1：这个 %3 模型缺少张量 %2</translation>
        </message>
        <message>
            <source>%1: tensor %2 has shape %3, expected %4</source>
            <translation>%1：张量 %2 的形状是 %3，应为 %4</translation>
        </message>
        <message>
            <source>%1: tensor %2 is not part of any %3 model this version knows</source>
            <translation>%1：张量 %2 不属于此版本认识的 %3 模型</translation>
        </message>
        <message>
            <source>%1: tokenizer.ggml.tokens lists %2 tokens, but %3 has %4 rows</source>
            <translation>%1：tokenizer.ggml.tokens 列出 %2 个词元，但 %3 有 %4 行</translation>
        </message>
        <message>
            <source>%1: %2 needs %3 bytes but the file ends after %4</source>
            <translation>%1：%2 需要 %3 字节，但文件只剩 %4 字节</translation>
        </message>
        <message>
            <source>%1: %2 ends at byte %3 but the file has only %4</source>
            <translation>%1：%2 到第 %3 字节才结束，但文件只有 %4 字节</translation>
        </message>
        <message>
            <source>%1: %2 claims %3 elements but only %4 bytes follow</source>
            <translation>%1：%2 声称有 %3 个元素，但后面只有 %4 字节</translation>
        </message>
        <message>
            <source>%1: %2 of %3 is more than the file can hold</source>
            <translation>%1：%2 为 %3，超出文件所能容纳</translation>
        </message>
        <message>
            <source>%1: %2 overlaps %3</source>
            <translation>%1：%2 与 %3 重叠</translation>
        </message>
        <message>
            <source>%1: %2 appears twice</source>
            <translation>%1：%2 出现了两次</translation>
        </message>
        <message>
            <source>%1: %2 has a name of %3 bytes</source>
            <translation>%1：%2 的名称有 %3 字节</translation>
        </message>
        <message>
            <source>%1: %2 has %3 dimensions (1 to 4 are possible)</source>
            <translation>%1：%2 有 %3 维（只能是 1 到 4 维）</translation>
        </message>
        <message>
            <source>%1: %2 has the dimension %3</source>
            <translation>%1：%2 的维度是 %3</translation>
        </message>
        <message>
            <source>%1: %2 is larger than any file can be</source>
            <translation>%1：%2 大得超出任何文件</translation>
        </message>
        <message>
            <source>%1: %2 lies beyond the end of any file</source>
            <translation>%1：%2 在任何文件的末尾之外</translation>
        </message>
        <message>
            <source>%1: %2 begins at %3, not at a multiple of the alignment %4</source>
            <translation>%1：%2 从 %3 开始，不是对齐值 %4 的倍数</translation>
        </message>
        <message>
            <source>%1: %2 has the unknown value type %3</source>
            <translation>%1：%2 的值类型 %3 未知</translation>
        </message>
        <message>
            <source>%1: %2 is an array of the unknown value type %3</source>
            <translation>%1：%2 是未知值类型 %3 的数组</translation>
        </message>
        <message>
            <source>%1: %2 nests arrays more than %3 deep</source>
            <translation>%1：%2 的数组嵌套超过 %3 层</translation>
        </message>
        <message>
            <source>%1: %2 is a boolean with the value %3</source>
            <translation>%1：%2 是布尔值，却存着 %3</translation>
        </message>
        <message>
            <source>%1: %2 holds a boolean with the value %3</source>
            <translation>%1：%2 里的布尔值存着 %3</translation>
        </message>
        <message>
            <source>%1: %2 is %3, not a power of two up to %4</source>
            <translation>%1：%2 是 %3，不是不超过 %4 的 2 的幂</translation>
        </message>
        <message>
            <source>%1: %2 is not an integer</source>
            <translation>%1：%2 不是整数</translation>
        </message>
        <message>
            <source>%1: %2 has rows of %3 values, which blocks of %4 (%5) do not divide</source>
            <translation>%1：%2 每行 %3 个值，不能按 %4 个一块（%5）整分</translation>
        </message>
        <message>
            <source>metadata key %1 is missing</source>
            <translation>缺少元数据键 %1</translation>
        </message>
        <message>
            <source>metadata key %1 has a value that does not fit %2</source>
            <translation>元数据键 %1 的值不能作为%2</translation>
        </message>
        <message>
            <source>tensor %1 is missing</source>
            <translation>缺少张量 %1</translation>
        </message>
        <message>
            <source>tensor %1 has bytes that do not fit its shape</source>
            <translation>张量 %1 的字节数与形状不符</translation>
        </message>
        <message>
            <source>tensor %1 has another shape than the model's settings ask for</source>
            <translation>张量 %1 的形状与模型设置不符</translation>
        </message>
        <message>
            <source>tensor %1 is in %2, which the CPU device cannot run</source>
            <translation>张量 %1 的格式是 %2，CPU 无法运行</translation>
        </message>
        <message>
            <source>token_embd.weight is missing</source>
            <translation>缺少 token_embd.weight</translation>
        </message>
        <message>
            <source>%1.expert_count is set: this model routes its tokens to experts</source>
            <translation>这是混合专家模型（%1.expert_count）</translation>
        </message>
        <message>
            <source>the pre-tokenizer %1 (tokenizer.ggml.pre) is not known</source>
            <translation>不认识预分词器 %1（tokenizer.ggml.pre）</translation>
        </message>
        <message>
            <source>the tokenizer model %1 (tokenizer.ggml.model) is not supported</source>
            <translation>不支持分词器 %1（tokenizer.ggml.model）</translation>
        </message>
        <message>
            <source>this model file has no vocabulary (tokenizer.ggml.model is %1)</source>
            <translation>模型文件没有词表（tokenizer.ggml.model 是 %1）</translation>
        </message>
        <message>
            <source>the vocabulary has no tokens</source>
            <translation>词表是空的</translation>
        </message>
        <message>
            <source>the vocabulary has %1 tokens but %2 scores</source>
            <translation>词表有 %1 个词元，却有 %2 个分数</translation>
        </message>
        <message>
            <source>the vocabulary has %1 tokens but %2 token types</source>
            <translation>词表有 %1 个词元，却有 %2 个词元类型</translation>
        </message>
        <message>
            <source>the model's chat template cannot be read: %1</source>
            <translation>无法读取模型的对话模板：%1</translation>
        </message>
        <message>
            <source>the model's chat template refused this conversation: %1</source>
            <translation>模型的对话模板拒绝了这段对话：%1</translation>
        </message>
        <message>
            <source>rendering the chat template ran out of memory</source>
            <translation>生成对话模板时内存不足</translation>
        </message>
        <message>
            <source>cannot allocate %1 MiB</source>
            <translation>无法分配 %1 MiB 内存</translation>
        </message>
        <message>
            <source>a context of %1 tokens was asked for; %2 was trained for %3</source>
            <translation>要求的上下文是 %1 个词元，%2 训练时只有 %3</translation>
        </message>
        <message>
            <source>%1 needs %2 with a context of %3 tokens (weights %4, context %5, working memory %6); %7</source>
            <translation>%1 在上下文为 %3 个词元时需要 %2（权重 %4，上下文 %5，工作空间 %6）；%7</translation>
        </message>
        <message>
            <source>the KV cache is full: all %1 pages of %2 tokens are in use</source>
            <translation>上下文内存已满：%1 页（每页 %2 个词元）都在使用</translation>
        </message>
        <message>
            <source>no memory is left for this conversation's context</source>
            <translation>没有内存留给这段对话的上下文</translation>
        </message>
        <message>
            <source>the prompt has %1 tokens and the context holds %2</source>
            <translation>提示有 %1 个词元，上下文只容纳 %2 个</translation>
        </message>
        <message>
            <source>the model is a base model: its file holds no chat template</source>
            <translation>这是基础模型：文件里没有对话模板</translation>
        </message>
        <message>
            <source>the model file holds no tokenizer, so it cannot read text</source>
            <translation>模型文件没有分词器，无法读取文字</translation>
        </message>
        <message>
            <source>the conversation is empty</source>
            <translation>对话是空的</translation>
        </message>
        <message>
            <source>the prompt is empty</source>
            <translation>提示是空的</translation>
        </message>
        <message>
            <source>there is no device %1 here</source>
            <translation>这台机器没有设备 %1</translation>
        </message>
        <message>
            <source>loading was stopped</source>
            <translation>载入已停止</translation>
        </message>
        <message>
            <source>the reply has already ended</source>
            <translation>回答已经结束</translation>
        </message>
        <message>
            <source>this session is already replying</source>
            <translation>这段对话正在回答</translation>
        </message>
        <message>
            <source>the model's output leaves no token possible</source>
            <translation>模型的输出没有留下任何可选的词元</translation>
        </message>
        <message>
            <source>&quot;%1&quot;: its messages go round in a circle.</source>
            <translation>“%1”：消息首尾相接成环。</translation>
        </message>
        <message>
            <source>Message %1 has no selected version.</source>
            <translation>第 %1 条消息没有选定的版本。</translation>
        </message>
        <message>
            <source>This file was written by a newer version of Pellucid.</source>
            <translation>此文件由更新的 Pellucid 写成。</translation>
        </message>
        <message>
            <source>Conversation &quot;%1&quot;, message %2: its parent does not come before it.</source>
            <translation>对话“%1”第 %2 条消息：它的上一条不在它之前。</translation>
        </message>
        <message>
            <source>Conversation &quot;%1&quot;, message %2: its id is missing or taken.</source>
            <translation>对话“%1”第 %2 条消息：编号缺失或重复。</translation>
        </message>
        <message>
            <source>tensor %1</source>
            <translation>张量 %1</translation>
        </message>
        <message>
            <source>metadata key %1</source>
            <translation>元数据键 %1</translation>
        </message>
        <message>
            <source>metadata entry %1</source>
            <translation>第 %1 项元数据</translation>
        </message>
        <message>
            <source>the tensor count</source>
            <translation>张量数</translation>
        </message>
        <message>
            <source>the metadata count</source>
            <translation>元数据项数</translation>
        </message>
        <message>
            <source>the header</source>
            <translation>文件头</translation>
        </message>
        <message>
            <source>No space left on device</source>
            <translation>磁盘空间不足</translation>
        </message>
        <message>
            <source>Permission denied</source>
            <translation>没有权限</translation>
        </message>
        <message>
            <source>No such file or directory</source>
            <translation>文件或文件夹不存在</translation>
        </message>
        <message>
            <source>Read-only file system</source>
            <translation>只读文件系统</translation>
        </message>
        <message>
            <source>Is a directory</source>
            <translation>这是文件夹</translation>
        </message>
        <message>
            <source>Not a directory</source>
            <translation>这不是文件夹</translation>
        </message>
        <message>
            <source>Input/output error</source>
            <translation>输入输出错误</translation>
        </message>
        <message>
            <source>Disk quota exceeded</source>
            <translation>超出磁盘配额</translation>
        </message>
        <message>
            <source>File too large</source>
            <translation>文件过大</translation>
        </message>
        <message>
            <source>Operation not permitted</source>
            <translation>不允许此操作</translation>
        </message>
        <message>
            <source>attempt to write a readonly database</source>
            <translation>数据库只读</translation>
        </message>
        <message>
            <source>file is not a database</source>
            <translation>文件不是数据库</translation>
        </message>
        <message>
            <source>database disk image is malformed</source>
            <translation>数据库内容错乱</translation>
        </message>
        <message>
            <source>unable to open database file</source>
            <translation>无法打开数据库文件</translation>
        </message>
        <message>
            <source>%1 is missing</source>
            <translation>缺少 %1</translation>
        </message>
        <message>
            <source>%1 is free</source>
            <translation>%1 空闲</translation>
        </message>
        <message>
            <source>Use the window that is open, or start this one with another --data-dir.</source>
            <translation>请使用已打开的窗口，或用另一个 --data-dir 启动。</translation>
        </message>
        <message>
            <source>Free some space on that disk and try again; nothing that was saved is lost.</source>
            <translation>请在那块磁盘上腾出空间后重试；已保存的内容不会丢失。</translation>
        </message>
        <message>
            <source>Make the folder and its files writable for you, or choose another data folder with --data-dir.</source>
            <translation>请让自己有权写入该文件夹及其中的文件，或用 --data-dir 选择另一个数据文件夹。</translation>
        </message>
        <message>
            <source>Check that the folder is there, or choose another with --data-dir.</source>
            <translation>请检查文件夹是否存在，或用 --data-dir 另选一个。</translation>
        </message>
        <message>
            <source>Check the disk and the path, then try again.</source>
            <translation>请检查磁盘和路径后重试。</translation>
        </message>
        <message>
            <source>Close the other program that has it open and try again.</source>
            <translation>请关闭占用它的程序后重试。</translation>
        </message>
        <message>
            <source>Choose another data folder with --data-dir.</source>
            <translation>请用 --data-dir 选择另一个数据文件夹。</translation>
        </message>
        <message>
            <source>Install the newer version again, or choose another data folder with --data-dir.</source>
            <translation>请重新安装较新的版本，或用 --data-dir 选择另一个数据文件夹。</translation>
        </message>
        <message>
            <source>Open it once where it can be written: it is then brought up to date, with a backup.</source>
            <translation>请先在可写的地方打开一次：会自动备份并更新。</translation>
        </message>
        <message>
            <source>Nothing was deleted. The newest backup is %1.</source>
            <translation>没有删除任何内容。最新的备份是 %1。</translation>
        </message>
        <message>
            <source>Nothing was deleted. Open the newest backup from %1.</source>
            <translation>没有删除任何内容。请从 %1 打开最新的备份。</translation>
        </message>
        <message>
            <source>Nothing was deleted, and there is no backup yet. Move %1 aside to start empty, or try to recover it with: sqlite3 FILE .recover</source>
            <translation>没有删除任何内容，但还没有备份。可把 %1 移开后从头开始，或尝试恢复：sqlite3 FILE .recover</translation>
        </message>
        <message>
            <source>It may have been deleted.</source>
            <translation>它可能已被删除。</translation>
        </message>
        <message>
            <source>Undo the deletion first.</source>
            <translation>请先撤销删除。</translation>
        </message>
        <message>
            <source>Regenerate it instead.</source>
            <translation>请重新生成。</translation>
        </message>
        <message>
            <source>Export what you want to keep.</source>
            <translation>请导出想保留的内容。</translation>
        </message>
        <message>
            <source>Please report this.</source>
            <translation>请报告这个问题。</translation>
        </message>
        <message>
            <source>Split it.</source>
            <translation>请拆分。</translation>
        </message>
        <message>
            <source>Nothing was imported.</source>
            <translation>没有导入任何内容。</translation>
        </message>
        <message>
            <source>The file is not a whole ChatGPT export. Nothing was imported.</source>
            <translation>这不是完整的 ChatGPT 导出文件。没有导入任何内容。</translation>
        </message>
        <message>
            <source>The file is not a whole LM Studio conversation. Nothing was imported.</source>
            <translation>这不是完整的 LM Studio 对话文件。没有导入任何内容。</translation>
        </message>
        <message>
            <source>The file was changed or is incomplete. Nothing was imported.</source>
            <translation>文件被改动过或不完整。没有导入任何内容。</translation>
        </message>
        <message>
            <source>Update Pellucid, then import it again.</source>
            <translation>请更新 Pellucid 后再导入。</translation>
        </message>
        <message>
            <source>check the path</source>
            <translation>请检查路径</translation>
        </message>
        <message>
            <source>choose a file</source>
            <translation>请选择一个文件</translation>
        </message>
        <message>
            <source>give your user permission to read the file</source>
            <translation>请让当前用户有权读取此文件</translation>
        </message>
        <message>
            <source>close other programs and try again</source>
            <translation>请关闭其他程序后重试</translation>
        </message>
        <message>
            <source>check the disk that holds the file</source>
            <translation>请检查文件所在的磁盘</translation>
        </message>
        <message>
            <source>close other programs, choose a smaller model or a shorter context</source>
            <translation>请关闭其他程序，选择更小的模型或更短的上下文</translation>
        </message>
        <message>
            <source>close other programs or choose a smaller model</source>
            <translation>请关闭其他程序或选择更小的模型</translation>
        </message>
        <message>
            <source>choose a smaller model or a shorter context</source>
            <translation>请选择更小的模型或更短的上下文</translation>
        </message>
        <message>
            <source>choose a shorter context</source>
            <translation>请选择更短的上下文</translation>
        </message>
        <message>
            <source>choose 1 to %1</source>
            <translation>请选择 1 到 %1</translation>
        </message>
        <message>
            <source>download the model again</source>
            <translation>请重新下载模型</translation>
        </message>
        <message>
            <source>download the file again and compare its size with the source's</source>
            <translation>请重新下载文件，并与来源核对大小</translation>
        </message>
        <message>
            <source>download the model file again</source>
            <translation>请重新下载模型文件</translation>
        </message>
        <message>
            <source>download it again</source>
            <translation>请重新下载</translation>
        </message>
        <message>
            <source>the file is damaged; download it again</source>
            <translation>文件已损坏，请重新下载</translation>
        </message>
        <message>
            <source>the model file is incomplete; download it again</source>
            <translation>模型文件不完整，请重新下载</translation>
        </message>
        <message>
            <source>the model file is incomplete</source>
            <translation>模型文件不完整</translation>
        </message>
        <message>
            <source>the file is incomplete; download it again, and if it came in parts choose the whole</source>
            <translation>文件不完整，请重新下载；如果是分卷，请选择合并后的文件</translation>
        </message>
        <message>
            <source>the file is damaged or is not the model it says; download it again</source>
            <translation>文件已损坏，或不是它声称的模型，请重新下载</translation>
        </message>
        <message>
            <source>the file is damaged or was put together from two models; download it again</source>
            <translation>文件已损坏，或由两个模型拼成，请重新下载</translation>
        </message>
        <message>
            <source>the file holds no complete language model; download it again</source>
            <translation>文件里没有完整的语言模型，请重新下载</translation>
        </message>
        <message>
            <source>the file is incomplete or of a kind this version does not know; try another conversion of the model</source>
            <translation>文件不完整，或是此版本不认识的类型；请换一个转换版本</translation>
        </message>
        <message>
            <source>try another conversion of the model</source>
            <translation>请换一个转换版本</translation>
        </message>
        <message>
            <source>use another conversion of this model</source>
            <translation>请换一个转换版本</translation>
        </message>
        <message>
            <source>use a little-endian conversion of the model</source>
            <translation>请使用小端序的转换版本</translation>
        </message>
        <message>
            <source>convert the model again with a current converter</source>
            <translation>请用新的转换工具重新转换模型</translation>
        </message>
        <message>
            <source>update this program</source>
            <translation>请更新此程序</translation>
        </message>
        <message>
            <source>update this program, or choose another quantisation of the model</source>
            <translation>请更新此程序，或选择模型的另一种量化</translation>
        </message>
        <message>
            <source>choose another quantisation of the model, such as Q4_K_M</source>
            <translation>请选择模型的另一种量化，例如 Q4_K_M</translation>
        </message>
        <message>
            <source>keep all parts in one folder and open any of them by its path</source>
            <translation>请把所有分卷放在同一个文件夹，并按路径打开其中任意一个</translation>
        </message>
        <message>
            <source>running it without that tensor would give wrong answers; use a newer version or another model</source>
            <translation>缺少它运行会给出错误的答案；请使用更新的版本或另一个模型</translation>
        </message>
        <message>
            <source>this version runs %1; choose such a model or a newer version</source>
            <translation>此版本可运行 %1；请选择这样的模型或更新的版本</translation>
        </message>
        <message>
            <source>this family is known without experts only; use a newer version or another model</source>
            <translation>此系列模型目前只支持不含专家的版本；请使用更新的版本或另一个模型</translation>
        </message>
        <message>
            <source>use a newer version or another model</source>
            <translation>请使用更新的版本或另一个模型</translation>
        </message>
        <message>
            <source>%1.expert_gating_func is not known</source>
            <translation>无法识别 %1.expert_gating_func 的取值</translation>
        </message>
        <message>
            <source>%1: %2 of %3 experts in %4 of %5 groups cannot be chosen</source>
            <translation>%1：无法从 %5 组中的 %4 组、%3 个专家里选出 %2 个</translation>
        </message>
        <message>
            <source>%1 is not the matrix of a shared expert</source>
            <translation>%1 不是共享专家的矩阵</translation>
        </message>
        <message>
            <source>this version runs grouped-query attention with equal key and value widths only</source>
            <translation>此版本只支持键值等宽的分组查询注意力</translation>
        </message>
        <message>
            <source>this model needs a newer version of Pellucid</source>
            <translation>此模型需要更新的 Pellucid</translation>
        </message>
        <message>
            <source>Change the conversation as the message says, or choose another template for this model in its settings.</source>
            <translation>请按提示修改对话，或在设置中为此模型另选模板。</translation>
        </message>
        <message>
            <source>Choose another template for this model in its settings.</source>
            <translation>请在设置中为此模型另选模板。</translation>
        </message>
        <message>
            <source>Shorten the conversation.</source>
            <translation>请缩短对话。</translation>
        </message>
        <message>
            <source>end another reply, or load the model with a longer context</source>
            <translation>请停止另一个回答，或用更长的上下文载入模型</translation>
        </message>
        <message>
            <source>stop other replies or open the model with a longer context</source>
            <translation>请停止其他回答，或用更长的上下文载入模型</translation>
        </message>
        <message>
            <source>remove earlier messages or open the model with a longer context</source>
            <translation>请移除较早的消息，或用更长的上下文载入模型</translation>
        </message>
        <message>
            <source>use plain completion, or choose a model that was trained to chat</source>
            <translation>请使用续写，或选择会对话的模型</translation>
        </message>
        <message>
            <source>give token ids, or use a complete model file</source>
            <translation>请使用完整的模型文件</translation>
        </message>
        <message>
            <source>use f16, f32, q8, fp8, q4 or q3</source>
            <translation>请使用 f16、f32、q8、fp8、q4 或 q3</translation>
        </message>
        <message>
            <source>choose --kv f16</source>
            <translation>请选择 f16</translation>
        </message>
        <message>
            <source>choose one of: %1</source>
            <translation>请从中选择：%1</translation>
        </message>
        <message>
            <source>stop the running reply first</source>
            <translation>请先停止正在进行的回答</translation>
        </message>
        <message>
            <source>write a message first</source>
            <translation>请先写一条消息</translation>
        </message>
        <message>
            <source>write something first</source>
            <translation>请先写点什么</translation>
        </message>
        <message>
            <source>verify the model file</source>
            <translation>请检查模型文件</translation>
        </message>
        <message>
            <source>the file is byte-swapped; use a little-endian conversion</source>
            <translation>文件字节序相反；请使用小端序的转换版本</translation>
        </message>
        <message>
            <source>this is a model in a format older than GGUF; convert it or download a GGUF file</source>
            <translation>这是比 GGUF 更旧的格式；请转换，或下载 GGUF 文件</translation>
        </message>
        <message>
            <source>this is a Git LFS pointer, not the model; download the file itself</source>
            <translation>这是 Git LFS 指针而不是模型；请下载文件本身</translation>
        </message>
        <message>
            <source>use a file made by a current converter, or another model</source>
            <translation>请使用新转换工具制作的文件，或另一个模型</translation>
        </message>
        <message>
            <source>the file is damaged or was written by a converter this version does not know; download it again or convert the model anew</source>
            <translation>文件已损坏，或由此版本不认识的工具写成；请重新下载或重新转换模型</translation>
        </message>
        <message>
            <source>download the model file again, or use another conversion of this model</source>
            <translation>请重新下载模型文件，或换一个转换版本</translation>
        </message>
        <message>
            <source>Install Pellucid again.</source>
            <translation>请重新安装 Pellucid。</translation>
        </message>
        <message>
            <source>byte-level BPE (gpt2), SentencePiece (llama, t5) and WordPiece (bert) are</source>
            <translation>支持的是字节级 BPE（gpt2）、SentencePiece（llama、t5）和 WordPiece（bert）</translation>
        </message>
        <message>
            <source>use another conversion of this model, or report the pattern</source>
            <translation>请换一个转换版本，或报告这个模式</translation>
        </message>
        <message>
            <source>the offline switch is on: %1 was not asked</source>
            <translation>离线开关已打开：没有访问 %1</translation>
        </message>
        <message>
            <source>the offline switch was turned on</source>
            <translation>离线开关已打开</translation>
        </message>
        <message>
            <source>the name %1 could not be looked up</source>
            <translation>无法解析主机名 %1</translation>
        </message>
        <message>
            <source>the proxy's name in %1 could not be looked up</source>
            <translation>无法解析代理地址 %1 中的主机名</translation>
        </message>
        <message>
            <source>no connection to %1: %2</source>
            <translation>无法连接到 %1：%2</translation>
        </message>
        <message>
            <source>%1 sent nothing for too long</source>
            <translation>%1 长时间没有发送数据</translation>
        </message>
        <message>
            <source>the connection to %1 broke off: %2</source>
            <translation>与 %1 的连接中断：%2</translation>
        </message>
        <message>
            <source>the connection to %1 broke off</source>
            <translation>与 %1 的连接中断</translation>
        </message>
        <message>
            <source>%1 shows a certificate by '%2', which is not trusted: %3</source>
            <translation>%1 出示的证书由 '%2' 签发，不受信任：%3</translation>
        </message>
        <message>
            <source>%1 could not prove that it is %2: %3</source>
            <translation>%1 无法证明自己就是 %2：%3</translation>
        </message>
        <message>
            <source>the list of trusted authorities cannot be read: %1</source>
            <translation>无法读取受信任的证书颁发机构列表：%1</translation>
        </message>
        <message>
            <source>%1 answered with status %2</source>
            <translation>%1 返回了状态码 %2</translation>
        </message>
        <message>
            <source>%1 answered with something that is not HTTP: %2</source>
            <translation>%1 的回应不是 HTTP：%2</translation>
        </message>
        <message>
            <source>%1 sent this on from https to plain http: %2</source>
            <translation>%1 把请求从 https 转到了不加密的 http：%2</translation>
        </message>
        <message>
            <source>'%1' is not a web address</source>
            <translation>'%1' 不是网址</translation>
        </message>
        <message>
            <source>'%1' is not the address of a proxy</source>
            <translation>'%1' 不是代理地址</translation>
        </message>
        <message>
            <source>turn it off to use the network</source>
            <translation>关闭它即可使用网络</translation>
        </message>
        <message>
            <source>check the network and the address</source>
            <translation>请检查网络和地址</translation>
        </message>
        <message>
            <source>check the proxy in the network settings</source>
            <translation>请检查网络设置中的代理</translation>
        </message>
        <message>
            <source>check the network and the proxy settings</source>
            <translation>请检查网络和代理设置</translation>
        </message>
        <message>
            <source>an antivirus program or a company's proxy that reads along does this: add its authority in the network settings, or use another network. The check is never left out</source>
            <translation>杀毒软件或公司代理在读取加密流量时会这样：请在网络设置中添加其证书颁发机构，或换一个网络。这项检查不会被跳过</translation>
        </message>
        <message>
            <source>write it with https:// at its beginning</source>
            <translation>请在开头写上 https://</translation>
        </message>
        <message>
            <source>write it like http://proxy.example.com:3128 or socks5h://127.0.0.1:1080</source>
            <translation>请写成 http://proxy.example.com:3128 或 socks5h://127.0.0.1:1080 的形式</translation>
        </message>
        <message>
            <source>nothing was asked there; use another source</source>
            <translation>没有访问那里；请换一个来源</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>invalid_argument</comment>
            <translation>无法这样做：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>not_found</comment>
            <translation>找不到：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>io</comment>
            <translation>读写失败：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>no_space</comment>
            <translation>磁盘已满：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>read_only</comment>
            <translation>没有写入权限：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>corrupt</comment>
            <translation>文件已损坏：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>unsupported</comment>
            <translation>此版本不支持：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>out_of_memory</comment>
            <translation>内存不足：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>context_overflow</comment>
            <translation>超出上下文长度：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>template_failed</comment>
            <translation>模型的对话模板出错：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>cancelled</comment>
            <translation>已停止：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>busy</comment>
            <translation>正被占用：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>device_lost</comment>
            <translation>设备停止响应：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>offline</comment>
            <translation>已处于离线状态：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>dns</comment>
            <translation>找不到主机：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>refused</comment>
            <translation>无法连接：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>connection_lost</comment>
            <translation>连接中断：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>timed_out</comment>
            <translation>等待超时：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>tls</comment>
            <translation>无法确认对方身份：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>http_status</comment>
            <translation>服务器拒绝了请求：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>not_allowed</comment>
            <translation>没有访问权限：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>too_large</comment>
            <translation>内容过大：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>encrypted</comment>
            <translation>需要密码：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>crashed</comment>
            <translation>读取进程意外结束：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>forbidden</comment>
            <translation>被沙箱阻止：%1</translation>
        </message>
        <message>
            <source>%1</source>
            <comment>internal</comment>
            <translation>程序内部错误：%1</translation>
        </message>
        <message>
            <source>CUDA: %1: %2</source>
            <translation>显卡（CUDA）出错：%1：%2</translation>
        </message>
        <message>
            <source>start the program again, or run on --device cpu</source>
            <translation>请重新启动程序，或改用 CPU 设备</translation>
        </message>
        <message>
            <source>close other programs that use the graphics card, choose a shorter context or a smaller model, or run on --device cpu</source>
            <translation>请关闭其他占用显卡的程序、缩短上下文、换一个更小的模型，或改用 CPU 设备</translation>
        </message>
        <message>
            <source>%1.attention.key_length is %2 but value_length is %3</source>
            <translation>%1.attention.key_length 为 %2，而 value_length 为 %3</translation>
        </message>
        <message>
            <source>%1.embedding_length %2 is not a multiple of attention.head_count %3, and attention.key_length is absent</source>
            <translation>%1.embedding_length %2 不是 attention.head_count %3 的倍数，且缺少 attention.key_length</translation>
        </message>
        <message>
            <source>token_embd.weight is not a matrix</source>
            <translation>token_embd.weight 不是矩阵</translation>
        </message>
        <message>
            <source>token_embd.weight has %1 rows, %2.vocab_size is %3</source>
            <translation>token_embd.weight 有 %1 行，而 %2.vocab_size 为 %3</translation>
        </message>
        <message>
            <source>%1.rope.scaling.yarn_ext_factor is not 1</source>
            <translation>%1.rope.scaling.yarn_ext_factor 不是 1</translation>
        </message>
        <message>
            <source>%1.rope.scaling.type is %2</source>
            <translation>%1.rope.scaling.type 为 %2</translation>
        </message>
        <message>
            <source>%1.attention.head_count %2 is not a multiple of head_count_kv %3 (layer %4)</source>
            <translation>%1.attention.head_count %2 不是 head_count_kv %3 的倍数（第 %4 层）</translation>
        </message>
        <message>
            <source>%1.rope.dimension_count is %2, expected an even number up to the head width %3</source>
            <translation>%1.rope.dimension_count 为 %2，应为不超过头宽 %3 的偶数</translation>
        </message>
        <message>
            <source>not a safetensors file: it has fewer than 8 bytes</source>
            <translation>不是 safetensors 文件：不足 8 个字节</translation>
        </message>
        <message>
            <source>the header length of %1 bytes does not fit the file</source>
            <translation>文件头长度 %1 字节与文件不符</translation>
        </message>
        <message>
            <source>the header is not a JSON object of distinct tensor names</source>
            <translation>文件头不是张量名互不相同的 JSON 对象</translation>
        </message>
        <message>
            <source>__metadata__ is not an object</source>
            <translation>__metadata__ 不是对象</translation>
        </message>
        <message>
            <source>__metadata__ holds something else than strings</source>
            <translation>__metadata__ 中有字符串以外的内容</translation>
        </message>
        <message>
            <source>%1 lacks a proper dtype, shape or data_offsets</source>
            <translation>%1 缺少正确的 dtype、shape 或 data_offsets</translation>
        </message>
        <message>
            <source>%1 lies outside the file</source>
            <translation>%1 超出文件范围</translation>
        </message>
        <message>
            <source>%1 has %2 bytes, which is not what its shape needs</source>
            <translation>%1 有 %2 字节，与其形状不符</translation>
        </message>
        <message>
            <source>%1: tensor %2 overlaps another</source>
            <translation>%1：张量 %2 与另一个重叠</translation>
        </message>
        <message>
            <source>%1: tensor %2 follows a hole</source>
            <translation>%1：张量 %2 之前有空洞</translation>
        </message>
        <message>
            <source>bytes follow the last tensor</source>
            <translation>最后一个张量之后还有多余的字节</translation>
        </message>
        <message>
            <source>hidden_activation is %1</source>
            <translation>hidden_activation 为 %1</translation>
        </message>
        <message>
            <source>use_sliding_window is true</source>
            <translation>use_sliding_window 为 true</translation>
        </message>
        <message>
            <source>sliding_window_pattern is %1</source>
            <translation>sliding_window_pattern 为 %1</translation>
        </message>
        <message>
            <source>attn_logit_softcapping is set</source>
            <translation>设置了 attn_logit_softcapping</translation>
        </message>
        <message>
            <source>use_bidirectional_attention is true</source>
            <translation>use_bidirectional_attention 为 true</translation>
        </message>
        <message>
            <source>no_rope_layers is not every fourth layer</source>
            <translation>no_rope_layers 不是每四层一层</translation>
        </message>
        <message>
            <source>moe_layer_freq is not 1</source>
            <translation>moe_layer_freq 不是 1</translation>
        </message>
        <message>
            <source>scoring_func is %1</source>
            <translation>scoring_func 为 %1</translation>
        </message>
        <message>
            <source>rope_interleave is false</source>
            <translation>rope_interleave 为 false</translation>
        </message>
        <message>
            <source>mscale and mscale_all_dim of rope_scaling differ</source>
            <translation>rope_scaling 的 mscale 与 mscale_all_dim 不同</translation>
        </message>
        <message>
            <source>swiglu_limit or swiglu_alpha are not 7 and 1.702</source>
            <translation>swiglu_limit 或 swiglu_alpha 不是 7 和 1.702</translation>
        </message>
        <message>
            <source>conv_bias is true</source>
            <translation>conv_bias 为 true</translation>
        </message>
        <message>
            <source>layer_types does not say what each of the layers is</source>
            <translation>layer_types 没有说明每一层是什么</translation>
        </message>
        <message>
            <source>quantization_config.weight_block_size is not two sizes</source>
            <translation>quantization_config.weight_block_size 不是两个大小</translation>
        </message>
        <message>
            <source>quantization_config.bits is %1 (2, 4 and 8 are known)</source>
            <translation>quantization_config.bits 为 %1（支持 2、4 和 8）</translation>
        </message>
        <message>
            <source>quantization_config is AWQ of %1 bits in packing %2</source>
            <translation>quantization_config 是 %1 位、打包方式为 %2 的 AWQ</translation>
        </message>
        <message>
            <source>rope_scaling of type llama3 has factors that cannot be</source>
            <translation>llama3 类型的 rope_scaling 的系数不可能成立</translation>
        </message>
        <message>
            <source>rope_scaling has no short_factor and long_factor</source>
            <translation>rope_scaling 没有 short_factor 和 long_factor</translation>
        </message>
        <message>
            <source>%1 is not a list of numbers</source>
            <translation>%1 不是数字列表</translation>
        </message>
        <message>
            <source>%1 is not an object</source>
            <translation>%1 不是对象</translation>
        </message>
        <message>
            <source>%1 is %2, not a number from %3 to %4</source>
            <translation>%1 为 %2，不在 %3 到 %4 之间</translation>
        </message>
        <message>
            <source>%1 is not JSON</source>
            <translation>%1 不是 JSON</translation>
        </message>
        <message>
            <source>%1: its scales have the number format %2</source>
            <translation>%1：缩放系数的数值格式为 %2</translation>
        </message>
        <message>
            <source>%1: g_idx has shape %2 for %3 inputs</source>
            <translation>%1：g_idx 的形状为 %2，而输入有 %3 个</translation>
        </message>
        <message>
            <source>%1: its weight has the number format %2</source>
            <translation>%1：权重的数值格式为 %2</translation>
        </message>
        <message>
            <source>%1: its weight is no matrix</source>
            <translation>%1：权重不是矩阵</translation>
        </message>
        <message>
            <source>%1: its scales have shape %2 for a weight of %3 in blocks of %4 x %5</source>
            <translation>%1：缩放系数的形状为 %2，而权重为 %3，块大小为 %4 x %5</translation>
        </message>
        <message>
            <source>%1: blocks %2 and scales %3 are not MXFP4</source>
            <translation>%1：blocks %2 与 scales %3 不是 MXFP4</translation>
        </message>
        <message>
            <source>%1: qweight %2, qzeros %3 and scales %4 do not belong together in groups of %5</source>
            <translation>%1：qweight %2、qzeros %3 和 scales %4 按 %5 个一组不相配</translation>
        </message>
        <message>
            <source>tensor %1 has another shape than experts have</source>
            <translation>张量 %1 的形状不是专家应有的形状</translation>
        </message>
        <message>
            <source>tensor %1.weight has shape %2 for %3 heads of %4 and %5</source>
            <translation>张量 %1.weight 的形状为 %2，与 %3 个宽 %4 和 %5 的头不符</translation>
        </message>
        <message>
            <source>the experts of %1 have different number formats</source>
            <translation>%1 的各个专家数值格式不同</translation>
        </message>
        <message>
            <source>%1: tensor %2 is not a matrix</source>
            <translation>%1：张量 %2 不是矩阵</translation>
        </message>
        <message>
            <source>%1: tensor %2 holds a value that is not finite</source>
            <translation>%1：张量 %2 中有非有限的数值</translation>
        </message>
        <message>
            <source>peft_type is %1</source>
            <translation>peft_type 为 %1</translation>
        </message>
        <message>
            <source>bias is %1</source>
            <translation>bias 为 %1</translation>
        </message>
        <message>
            <source>modules_to_save replaces whole layers</source>
            <translation>modules_to_save 会替换整个层</translation>
        </message>
        <message>
            <source>%1: adapter.type is %2</source>
            <translation>%1：adapter.type 为 %2</translation>
        </message>
        <message>
            <source>%1: %2 has rank %3, adapter_config.json says %4</source>
            <translation>%1：%2 的秩为 %3，而 adapter_config.json 写的是 %4</translation>
        </message>
        <message>
            <source>bert.attention.head_count is %1, which does not divide the width of %2</source>
            <translation>bert.attention.head_count 为 %1，不能整除宽度 %2</translation>
        </message>
        <message>
            <source>bert.pooling_type is neither mean nor cls</source>
            <translation>bert.pooling_type 既不是 mean 也不是 cls</translation>
        </message>
        <message>
            <source>%1: general.architecture is %2, which is no encoder</source>
            <translation>%1：general.architecture 为 %2，不是编码器</translation>
        </message>
        <message>
            <source>model_type is %1, which is no encoder known here</source>
            <translation>model_type 为 %1，不是本版本认识的编码器</translation>
        </message>
        <message>
            <source>layer_norm_eps is not a number from 0 to 1</source>
            <translation>layer_norm_eps 不在 0 到 1 之间</translation>
        </message>
        <message>
            <source>position_embedding_type is %1</source>
            <translation>position_embedding_type 为 %1</translation>
        </message>
        <message>
            <source>hidden_size, num_attention_heads and max_position_embeddings do not fit each other</source>
            <translation>hidden_size、num_attention_heads 与 max_position_embeddings 互不相符</translation>
        </message>
        <message>
            <source>it is not a list</source>
            <translation>不是列表</translation>
        </message>
        <message>
            <source>a module is not an object</source>
            <translation>有模块不是对象</translation>
        </message>
        <message>
            <source>a module lies outside the folder</source>
            <translation>有模块位于文件夹之外</translation>
        </message>
        <message>
            <source>%1: pooling is neither mean nor cls</source>
            <translation>%1：池化方式既不是 mean 也不是 cls</translation>
        </message>
        <message>
            <source>%1: the module %2 is not known</source>
            <translation>%1：不认识模块 %2</translation>
        </message>
        <message>
            <source>%1: this draft model's vocabulary is not that of %2: %3</source>
            <translation>%1：这个猜测模型的词表与 %2 的不同：%3</translation>
        </message>
        <message>
            <source>&quot;%1&quot; does not say which layers run where</source>
            <translation>“%1”没有说明哪些层在哪里运行</translation>
        </message>
        <message>
            <source>the placement names layer %1 twice</source>
            <translation>放置方式中第 %1 层出现了两次</translation>
        </message>
        <message>
            <source>the placement names layer %1, this model has %2</source>
            <translation>放置方式提到第 %1 层，而这个模型只有 %2 层</translation>
        </message>
        <message>
            <source>the placement names experts, but these layers have no routed experts</source>
            <translation>放置方式提到专家，但这些层没有路由专家</translation>
        </message>
        <message>
            <source>the device %1 runs whole models only in this version</source>
            <translation>在这个版本中，设备 %1 只能运行完整的模型</translation>
        </message>
        <message>
            <source>write for example cuda:0-15,cpu:16-31, or experts=cpu, or auto</source>
            <translation>可以写成 cuda:0-15,cpu:16-31、experts=cpu 或 auto</translation>
        </message>
        <message>
            <source>name every layer once; what is not named runs on --device</source>
            <translation>每一层只写一次；没有写到的层在 --device 上运行</translation>
        </message>
        <message>
            <source>count layers from 0 to %1</source>
            <translation>层号从 0 数到 %1</translation>
        </message>
        <message>
            <source>place layers instead, for example cpu:0-15</source>
            <translation>请改为放置层，例如 cpu:0-15</translation>
        </message>
        <message>
            <source>leave --placement out, or place all layers on cpu</source>
            <translation>去掉 --placement，或把所有层放在 cpu 上</translation>
        </message>
        <message>
            <source>it would run with --device %1 --placement %2</source>
            <translation>使用 --device %1 --placement %2 可以运行</translation>
        </message>
        <message>
            <source>speculation needs %1 beside the model, together %2; %3 is free</source>
            <translation>提前猜测除模型外还需要 %1，合计 %2，空闲 %3</translation>
        </message>
        <message>
            <source>%1 has no multi-token-prediction layer</source>
            <translation>%1 没有多词元预测层</translation>
        </message>
        <message>
            <source>KV format %1 is not in this version</source>
            <translation>本版本没有上下文缓存格式 %1</translation>
        </message>
        <message>
            <source>%1 is true</source>
            <translation>%1 为 true</translation>
        </message>
        <message>
            <source>%1 tokens, not %2</source>
            <translation>%1 个词元，而不是 %2 个</translation>
        </message>
        <message>
            <source>token %1 is %2, not %3</source>
            <translation>词元 %1 是 %2，而不是 %3</translation>
        </message>
        <message>
            <source>choose another embedding model</source>
            <translation>请换一个嵌入模型</translation>
        </message>
        <message>
            <source>embeddings need a model of the BERT family, such as all-MiniLM or multilingual-e5</source>
            <translation>嵌入需要 BERT 系列的模型，例如 all-MiniLM 或 multilingual-e5</translation>
        </message>
        <message>
            <source>choose the model in BF16, F16, FP8 (E4M3), GPTQ or AWQ, or as a GGUF file</source>
            <translation>请选择 BF16、F16、FP8 (E4M3)、GPTQ 或 AWQ 的版本，或 GGUF 文件</translation>
        </message>
        <message>
            <source>use a file in F32, F16 or BF16</source>
            <translation>请使用 F32、F16 或 BF16 的文件</translation>
        </message>
        <message>
            <source>choose a smaller model of the same family, or guess from the text alone (--speculate lookup)</source>
            <translation>请选择同一系列中较小的模型，或只根据文本猜测（--speculate lookup）</translation>
        </message>
        <message>
            <source>leave speculation off, use --speculate lookup, or choose a shorter context</source>
            <translation>请关闭提前猜测，或使用 --speculate lookup，或选择更短的上下文</translation>
        </message>
        <message>
            <source>%1 changed while it was read</source>
            <translation>读取 %1 时它发生了变化</translation>
        </message>
        <message>
            <source>%1 changed while it was copied</source>
            <translation>复制 %1 时它发生了变化</translation>
        </message>
        <message>
            <source>the list of block digests does not belong to this file</source>
            <translation>分块摘要列表不属于这个文件</translation>
        </message>
        <message>
            <source>%1 holds no model</source>
            <translation>%1 中没有模型</translation>
        </message>
        <message>
            <source>%1 is not there</source>
            <translation>%1 不存在</translation>
        </message>
        <message>
            <source>%1 is there already</source>
            <translation>%1 已经存在</translation>
        </message>
        <message>
            <source>%1 does not hold what was written to it</source>
            <translation>%1 中的内容与写入的不一致</translation>
        </message>
        <message>
            <source>%1 and %2 lie on different file systems</source>
            <translation>%1 和 %2 位于不同的文件系统</translation>
        </message>
        <message>
            <source>%1 and %2 do not hold the same</source>
            <translation>%1 和 %2 的内容不同</translation>
        </message>
        <message>
            <source>%1 and the models folder %2 lie in one another</source>
            <translation>%1 和模型文件夹 %2 互相包含</translation>
        </message>
        <message>
            <source>%1 is not the whole path of a folder</source>
            <translation>%1 不是文件夹的完整路径</translation>
        </message>
        <message>
            <source>could not delete %1: %2</source>
            <translation>无法删除 %1：%2</translation>
        </message>
        <message>
            <source>could not link %1: %2</source>
            <translation>无法链接 %1：%2</translation>
        </message>
        <message>
            <source>could not make %1: %2</source>
            <translation>无法创建 %1：%2</translation>
        </message>
        <message>
            <source>The library is already on its way to another folder.</source>
            <translation>模型库正在移到另一个文件夹。</translation>
        </message>
        <message>
            <source>The library has moved already.</source>
            <translation>模型库已经移走。</translation>
        </message>
        <message>
            <source>This move of the library is no longer under way.</source>
            <translation>这次模型库移动已不在进行。</translation>
        </message>
        <message>
            <source>Models are being downloaded to %1</source>
            <translation>正在把模型下载到 %1</translation>
        </message>
        <message>
            <source>Moving the library needs %1 bytes, and %2 are free at %3</source>
            <translation>移动模型库需要 %1 字节，%3 处只有 %2 字节可用</translation>
        </message>
        <message>
            <source>it is not known where %1 came from</source>
            <translation>不知道 %1 来自哪里</translation>
        </message>
        <message>
            <source>the files of this model lie in several folders</source>
            <translation>这个模型的文件位于多个文件夹</translation>
        </message>
        <message>
            <source>no file of this model is damaged</source>
            <translation>这个模型没有损坏的文件</translation>
        </message>
        <message>
            <source>There is no model %1</source>
            <translation>没有模型 %1</translation>
        </message>
        <message>
            <source>There is no file %1 in the library</source>
            <translation>模型库中没有文件 %1</translation>
        </message>
        <message>
            <source>Another model of the library is at %1</source>
            <translation>模型库中的另一个模型位于 %1</translation>
        </message>
        <message>
            <source>A preset needs a name</source>
            <translation>预设需要名称</translation>
        </message>
        <message>
            <source>Another preset of this model is called %1</source>
            <translation>这个模型的另一个预设名为 %1</translation>
        </message>
        <message>
            <source>This preset is no longer there.</source>
            <translation>这个预设已不存在。</translation>
        </message>
        <message>
            <source>%1 is in the list twice</source>
            <translation>%1 在列表中出现两次</translation>
        </message>
        <message>
            <source>A model cannot be kept for %1 s</source>
            <translation>模型不能保留 %1 秒</translation>
        </message>
        <message>
            <source>Choose a model&apos;s file.</source>
            <translation>请选择模型文件。</translation>
        </message>
        <message>
            <source>Choose a model&apos;s file or folder.</source>
            <translation>请选择模型文件或文件夹。</translation>
        </message>
        <message>
            <source>Wait until it is complete, then try again.</source>
            <translation>请等它完整后再试。</translation>
        </message>
        <message>
            <source>Check that the file and its disk are there and may be read.</source>
            <translation>请检查文件及其所在磁盘是否存在、是否可读。</translation>
        </message>
        <message>
            <source>Check the file again: a new list is made.</source>
            <translation>请重新检查文件，会生成新的列表。</translation>
        </message>
        <message>
            <source>It may have been moved, or its disk removed.</source>
            <translation>它可能已被移走，或其磁盘已被移除。</translation>
        </message>
        <message>
            <source>Check that the folder may be read.</source>
            <translation>请检查文件夹是否可读。</translation>
        </message>
        <message>
            <source>The disk may be failing; choose another one.</source>
            <translation>磁盘可能有故障；请换一个磁盘。</translation>
        </message>
        <message>
            <source>Free some space, then try again.</source>
            <translation>请先腾出一些空间，再试一次。</translation>
        </message>
        <message>
            <source>Free some space there, or choose another disk.</source>
            <translation>请在那里腾出一些空间，或换一个磁盘。</translation>
        </message>
        <message>
            <source>Check who may write there.</source>
            <translation>请检查谁有权写入那里。</translation>
        </message>
        <message>
            <source>Check the disk, then try again.</source>
            <translation>请检查磁盘，再试一次。</translation>
        </message>
        <message>
            <source>Move one of them to the other&apos;s disk first.</source>
            <translation>请先把其中一个移到另一个所在的磁盘。</translation>
        </message>
        <message>
            <source>Choose a folder elsewhere.</source>
            <translation>请选择别处的文件夹。</translation>
        </message>
        <message>
            <source>Choose a folder, from / on.</source>
            <translation>请选择文件夹，从 / 开始写起。</translation>
        </message>
        <message>
            <source>Choose an empty folder.</source>
            <translation>请选择空文件夹。</translation>
        </message>
        <message>
            <source>Let that move finish, or take it back.</source>
            <translation>请让那次移动完成，或撤回它。</translation>
        </message>
        <message>
            <source>Let the downloads finish, or cancel them, then move the library.</source>
            <translation>请等下载完成或取消下载，然后再移动模型库。</translation>
        </message>
        <message>
            <source>Connect the disk that it lies on, then try again.</source>
            <translation>请连接它所在的磁盘，再试一次。</translation>
        </message>
        <message>
            <source>Let the move finish.</source>
            <translation>请等移动完成。</translation>
        </message>
        <message>
            <source>Look at it again.</source>
            <translation>请重新查看。</translation>
        </message>
        <message>
            <source>Check both models; one of them is damaged.</source>
            <translation>请检查这两个模型；其中一个已损坏。</translation>
        </message>
        <message>
            <source>Download the model again.</source>
            <translation>请重新下载模型。</translation>
        </message>
        <message>
            <source>It may have been removed.</source>
            <translation>它可能已被移除。</translation>
        </message>
        <message>
            <source>Its model may have been removed.</source>
            <translation>它的模型可能已被移除。</translation>
        </message>
        <message>
            <source>Remove one of them first.</source>
            <translation>请先移除其中一个。</translation>
        </message>
        <message>
            <source>Choose another name.</source>
            <translation>请换一个名称。</translation>
        </message>
        <message>
            <source>Give it one.</source>
            <translation>请给它一个名称。</translation>
        </message>
        <message>
            <source>Name each adapter once.</source>
            <translation>每个适配器只写一次。</translation>
        </message>
        <message>
            <source>Use seconds, -1 for ever, or -2 for the app&apos;s setting.</source>
            <translation>请用秒数，-1 表示一直保留，-2 表示按应用的设置。</translation>
        </message>
        <message>
            <source>%1 is only for people who accepted its terms</source>
            <translation>%1 只提供给接受了其条款的人</translation>
        </message>
        <message>
            <source>%1 is not there, or not for everybody</source>
            <translation>%1 不存在，或不对所有人开放</translation>
        </message>
        <message>
            <source>%1 does not accept the token</source>
            <translation>%1 不接受这个令牌</translation>
        </message>
        <message>
            <source>%1 gets too many requests from here (status 429)</source>
            <translation>从这里发往 %1 的请求过多（状态 429）</translation>
        </message>
        <message>
            <source>%1 answered with status %2</source>
            <translation>%1 返回了状态 %2</translation>
        </message>
        <message>
            <source>%1 answered with something that is no JSON</source>
            <translation>%1 返回的内容不是 JSON</translation>
        </message>
        <message>
            <source>Hugging Face answered a search with something that is no list</source>
            <translation>Hugging Face 对搜索的回答不是列表</translation>
        </message>
        <message>
            <source>Hugging Face described a model without a name</source>
            <translation>Hugging Face 描述的模型没有名称</translation>
        </message>
        <message>
            <source>ModelScope answered a search with something that is no list</source>
            <translation>ModelScope 对搜索的回答不是列表</translation>
        </message>
        <message>
            <source>ModelScope described a model without a name</source>
            <translation>ModelScope 描述的模型没有名称</translation>
        </message>
        <message>
            <source>ModelScope answered with something that is no list of files</source>
            <translation>ModelScope 返回的内容不是文件列表</translation>
        </message>
        <message>
            <source>&quot;%1&quot; is not the name of a repository</source>
            <translation>“%1”不是仓库名称</translation>
        </message>
        <message>
            <source>&quot;%1&quot; is not the address of a hub</source>
            <translation>“%1”不是模型站点的地址</translation>
        </message>
        <message>
            <source>&quot;%1&quot; is not the address of a GGUF file</source>
            <translation>“%1”不是 GGUF 文件的地址</translation>
        </message>
        <message>
            <source>there is no hub &quot;%1&quot;</source>
            <translation>没有名为“%1”的模型站点</translation>
        </message>
        <message>
            <source>%1 does not answer requests for a part of a file</source>
            <translation>%1 不支持只请求文件的一部分</translation>
        </message>
        <message>
            <source>%1: the header is longer than %2 bytes</source>
            <translation>%1：文件头超过 %2 字节</translation>
        </message>
        <message>
            <source>%1 is not for everybody (status %2)</source>
            <translation>%1 不对所有人开放（状态 %2）</translation>
        </message>
        <message>
            <source>%1 answered with another part than was asked for</source>
            <translation>%1 返回的不是所请求的部分</translation>
        </message>
        <message>
            <source>%1: only %2 of %3 parts are published</source>
            <translation>%1：%3 个部分中只发布了 %2 个</translation>
        </message>
        <message>
            <source>accept them on %1 with the account of your token</source>
            <translation>请用令牌所属的帐号在 %1 接受条款</translation>
        </message>
        <message>
            <source>accept them on %1, then give this program a token of that account</source>
            <translation>请在 %1 接受条款，然后把该帐号的令牌交给本程序</translation>
        </message>
        <message>
            <source>check the name; for a private model give this program a token of your account</source>
            <translation>请检查名称；如果是私有模型，请把您帐号的令牌交给本程序</translation>
        </message>
        <message>
            <source>make a new one on its page and give it to this program</source>
            <translation>请在其网页上新建一个令牌并交给本程序</translation>
        </message>
        <message>
            <source>check the name; it may have been renamed or removed</source>
            <translation>请检查名称；它可能已改名或被移除</translation>
        </message>
        <message>
            <source>wait some minutes, then try again</source>
            <translation>请等几分钟再试</translation>
        </message>
        <message>
            <source>try again after %1 s</source>
            <translation>请在 %1 秒后再试</translation>
        </message>
        <message>
            <source>it has trouble of its own; try again later, or use a mirror</source>
            <translation>该站点出了问题；请稍后再试，或使用镜像</translation>
        </message>
        <message>
            <source>check the address of the hub in the settings</source>
            <translation>请在设置中检查模型站点的地址</translation>
        </message>
        <message>
            <source>something between this machine and it may have answered instead (a sign-in page of the network); open its page in a browser, then try again</source>
            <translation>可能是中间的网络（例如登录页面）作了回答；请在浏览器中打开其网页，然后再试</translation>
        </message>
        <message>
            <source>give it as owner/name</source>
            <translation>请写成 owner/name 的形式</translation>
        </message>
        <message>
            <source>give it as https://host, with a path where the mirror has one</source>
            <translation>请写成 https://host 的形式，镜像有路径时加上路径</translation>
        </message>
        <message>
            <source>give an https:// address that ends in .gguf</source>
            <translation>请给出以 .gguf 结尾的 https:// 地址</translation>
        </message>
        <message>
            <source>choose huggingface or modelscope</source>
            <translation>请选择 huggingface 或 modelscope</translation>
        </message>
        <message>
            <source>the whole file can be downloaded and is checked then</source>
            <translation>可以下载整个文件，届时再检查</translation>
        </message>
        <message>
            <source>choose another publisher of the model</source>
            <translation>请选择该模型的其他发布者</translation>
        </message>
        <message>
            <source>accept the terms on the model&apos;s page, then give this program a token of that account</source>
            <translation>请在模型网页上接受条款，然后把该帐号的令牌交给本程序</translation>
        </message>
        <message>
            <source>search for the model again</source>
            <translation>请重新搜索这个模型</translation>
        </message>
        <message>
            <source>try again later</source>
            <translation>请稍后再试</translation>
        </message>
        <message>
            <source>the file may have changed on the server; try again</source>
            <translation>服务器上的文件可能已更改；请再试一次</translation>
        </message>
        <message>
            <source>choose another quantisation or publisher</source>
            <translation>请选择其他量化或发布者</translation>
        </message>
        <message>
            <source>check the address</source>
            <translation>请检查地址</translation>
        </message>
        <message>
            <source>reading %1 took longer than %2 s</source>
            <translation>读取 %1 用时超过 %2 秒</translation>
        </message>
        <message>
            <source>reading %1 needs more memory than a reader may have (%2 MiB)</source>
            <translation>读取 %1 所需的内存超过读取进程的上限（%2 MiB）</translation>
        </message>
        <message>
            <source>reading %1 tried something that its sandbox forbids</source>
            <translation>读取 %1 时发生了沙箱禁止的操作</translation>
        </message>
        <message>
            <source>the reader crashed on %1 (signal %2)</source>
            <translation>读取进程在处理 %1 时崩溃（信号 %2）</translation>
        </message>
        <message>
            <source>the reader ended without an answer on %1 (status %2)</source>
            <translation>读取进程在处理 %1 时没有给出结果就结束了（状态 %2）</translation>
        </message>
        <message>
            <source>reading %1 was stopped</source>
            <translation>已停止读取 %1</translation>
        </message>
        <message>
            <source>%1 may not be read</source>
            <translation>没有读取 %1 的权限</translation>
        </message>
        <message>
            <source>%1 is larger than files that are read (%2 MiB)</source>
            <translation>%1 超过可读取文件的大小上限（%2 MiB）</translation>
        </message>
        <message>
            <source>%1 is not a file</source>
            <translation>%1 不是文件</translation>
        </message>
        <message>
            <source>the reader process could not be started: %1</source>
            <translation>无法启动读取进程：%1</translation>
        </message>
        <message>
            <source>it is protected by a password</source>
            <translation>文件受密码保护</translation>
        </message>
        <message>
            <source>it is protected against copying</source>
            <translation>文件带有防复制保护</translation>
        </message>
        <message>
            <source>an attached document is still being read</source>
            <translation>附上的文档还在读取</translation>
        </message>
        <message>
            <source>wait until it is ready, then ask again</source>
            <translation>等它读完后再问</translation>
        </message>
        <message>
            <source>the page has no size</source>
            <translation>该页没有尺寸</translation>
        </message>
        <message>
            <source>the page is too long and thin to be shown</source>
            <translation>该页过于狭长，无法显示</translation>
        </message>
        <message>
            <source>the page cannot be drawn</source>
            <translation>该页无法绘制</translation>
        </message>
        <message>
            <source>it has no such page</source>
            <translation>没有这一页</translation>
        </message>
        <message>
            <source>the picture has too many pixels</source>
            <translation>图片的像素太多</translation>
        </message>
        <message>
            <source>the picture is damaged or of a kind that is not read</source>
            <translation>图片已损坏，或属于无法读取的类型</translation>
        </message>
        <message>
            <source>make it smaller</source>
            <translation>请把它缩小</translation>
        </message>
        <message>
            <source>save it as PNG</source>
            <translation>请另存为 PNG</translation>
        </message>
        <message>
            <source>the program that reads documents is not installed</source>
            <translation>读取文档的程序没有安装</translation>
        </message>
        <message>
            <source>the PDF is damaged</source>
            <translation>PDF 已损坏</translation>
        </message>
        <message>
            <source>the PDF has no pages that can be read</source>
            <translation>PDF 中没有可读取的页面</translation>
        </message>
        <message>
            <source>the archive is damaged</source>
            <translation>压缩包已损坏</translation>
        </message>
        <message>
            <source>the archive has more parts than are read (%1)</source>
            <translation>压缩包中的条目数超过上限（%1）</translation>
        </message>
        <message>
            <source>it unpacks to far more than it should (an archive bomb?)</source>
            <translation>解压后的大小远超正常范围（可能是压缩炸弹）</translation>
        </message>
        <message>
            <source>it is of a type without a reader</source>
            <translation>不支持读取这种类型的文件</translation>
        </message>
        <message>
            <source>it is not what its name says, or damaged from its first byte</source>
            <translation>内容与文件名不符，或从头就已损坏</translation>
        </message>
        <message>
            <source>it is a file of an old Office version</source>
            <translation>这是旧版 Office 文件</translation>
        </message>
        <message>
            <source>it is a ZIP archive</source>
            <translation>这是 ZIP 压缩包</translation>
        </message>
        <message>
            <source>it is an OpenDocument file other than a text</source>
            <translation>这是文本以外的 OpenDocument 文件</translation>
        </message>
        <message>
            <source>the document&apos;s text is missing from it</source>
            <translation>文件中缺少正文</translation>
        </message>
        <message>
            <source>its text is damaged</source>
            <translation>正文已损坏</translation>
        </message>
        <message>
            <source>the list of its slides is missing</source>
            <translation>缺少幻灯片列表</translation>
        </message>
        <message>
            <source>the list of its sheets is missing</source>
            <translation>缺少工作表列表</translation>
        </message>
        <message>
            <source>the list of its chapters is missing</source>
            <translation>缺少章节列表</translation>
        </message>
        <message>
            <source>it has no slides</source>
            <translation>文件中没有幻灯片</translation>
        </message>
        <message>
            <source>it has no sheets</source>
            <translation>文件中没有工作表</translation>
        </message>
        <message>
            <source>it has no chapters</source>
            <translation>文件中没有章节</translation>
        </message>
        <message>
            <source>the web page is too long</source>
            <translation>网页过长</translation>
        </message>
        <message>
            <source>it could not be read: the disk reports an error</source>
            <translation>无法读取：磁盘报告错误</translation>
        </message>
        <message>
            <source>it may have been moved or deleted, or its disk is not mounted</source>
            <translation>它可能已被移动或删除，或者所在磁盘未挂载</translation>
        </message>
        <message>
            <source>give yourself permission to read it</source>
            <translation>请为自己添加读取权限</translation>
        </message>
        <message>
            <source>check the disk that it lies on</source>
            <translation>请检查它所在的磁盘</translation>
        </message>
        <message>
            <source>choose a file, or add its folder</source>
            <translation>请选择文件，或添加它所在的文件夹</translation>
        </message>
        <message>
            <source>split it, or raise the limit in the settings</source>
            <translation>请拆分文件，或在设置中提高上限</translation>
        </message>
        <message>
            <source>it may be damaged or made to keep a reader busy; the limit is in the settings</source>
            <translation>文件可能已损坏，或被有意制作成难以读取；上限可在设置中更改</translation>
        </message>
        <message>
            <source>it may be damaged or made to fill memory; the limit is in the settings</source>
            <translation>文件可能已损坏，或被有意制作成耗尽内存；上限可在设置中更改</translation>
        </message>
        <message>
            <source>the file may be hostile; nothing was changed</source>
            <translation>文件可能是恶意的；没有任何内容被更改</translation>
        </message>
        <message>
            <source>the file is damaged or hostile; nothing else was affected</source>
            <translation>文件已损坏或是恶意的；其他内容不受影响</translation>
        </message>
        <message>
            <source>it is read again when it rests</source>
            <translation>等它不再变化时会重新读取</translation>
        </message>
        <message>
            <source>save it without a password, then add it again</source>
            <translation>请另存为不带密码的文件，然后重新添加</translation>
        </message>
        <message>
            <source>get the file again from where it came</source>
            <translation>请从原处重新获取文件</translation>
        </message>
        <message>
            <source>open it in the program that made it and save it again</source>
            <translation>请用制作它的程序打开并重新保存</translation>
        </message>
        <message>
            <source>unpack it and add the files that you want to ask about</source>
            <translation>请解压后添加需要提问的文件</translation>
        </message>
        <message>
            <source>save it as .docx, .xlsx, .pptx or PDF</source>
            <translation>请另存为 .docx、.xlsx、.pptx 或 PDF</translation>
        </message>
        <message>
            <source>save it as PDF, or as .xlsx or .pptx</source>
            <translation>请另存为 PDF、.xlsx 或 .pptx</translation>
        </message>
        <message>
            <source>convert it to PDF or text</source>
            <translation>请转换为 PDF 或文本</translation>
        </message>
        <message>
            <source>use a copy without protection</source>
            <translation>请使用没有保护的副本</translation>
        </message>
    </context>
    <context>
        <name>PresetChoice</name>
        <message>
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <source>%1, changed</source>
            <translation>%1（已改动）</translation>
        </message>
        <message>
            <source>Preset: %1</source>
            <translation>预设：%1</translation>
        </message>
        <message>
            <source>None: the model's own defaults</source>
            <translation>无：模型自己的默认值</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>已改动</translation>
        </message>
        <message>
            <source>Keep the changes in %1</source>
            <translation>把改动存入“%1”</translation>
        </message>
        <message>
            <source>Save as a preset…</source>
            <translation>存为预设…</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>重命名…</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>删除…</translation>
        </message>
        <message>
            <source>Delete the preset %1?</source>
            <translation>删除预设“%1”？</translation>
        </message>
        <message>
            <source>The settings stay as they are now.</source>
            <translation>现在的设置保持不变。</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
    </context>
    <context>
        <name>PresetDialog</name>
        <message>
            <source>Save as a preset</source>
            <translation>存为预设</translation>
        </message>
        <message>
            <source>Rename %1</source>
            <translation>重命名“%1”</translation>
        </message>
        <message>
            <source>Keeps how this model thinks, how it chooses words, and its system prompt.</source>
            <translation>保存该模型的思考方式、用词方式和系统提示词。</translation>
        </message>
        <message>
            <source>Replace</source>
            <translation>替换</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Name of the preset</source>
            <translation>预设名称</translation>
        </message>
        <message>
            <source>There is one of this name; it will be replaced.</source>
            <translation>已有同名预设，将被替换。</translation>
        </message>
        <message>
            <source>Another preset has this name.</source>
            <translation>另一个预设已用此名称。</translation>
        </message>
    </context>
    <context>
        <name>AdapterGroup</name>
        <message>
            <source>Adapters</source>
            <translation>适配器</translation>
        </message>
        <message>
            <source>A LoRA made for this model changes how it writes. The next answer follows it.</source>
            <translation>为该模型制作的 LoRA 会改变它的写法，从下一个回答起生效。</translation>
        </message>
        <message>
            <source>The next answer follows them; nothing is loaded again.</source>
            <translation>从下一个回答起生效，无需重新载入。</translation>
        </message>
        <message>
            <source>Add an adapter…</source>
            <translation>添加适配器…</translation>
        </message>
        <message>
            <source>Choose an adapter</source>
            <translation>选择适配器</translation>
        </message>
        <message>
            <source>Adapters (*.gguf adapter_config.json *.safetensors)</source>
            <translation>适配器 (*.gguf adapter_config.json *.safetensors)</translation>
        </message>
    </context>
    <context>
        <name>AdapterRow</name>
        <message>
            <source>Its file is not there any more</source>
            <translation>它的文件已不在原处</translation>
        </message>
        <message>
            <source>Strength of %1</source>
            <translation>%1 的强度</translation>
        </message>
        <message>
            <source>Use %1</source>
            <translation>使用 %1</translation>
        </message>
        <message>
            <source>Take %1 off</source>
            <translation>移除 %1</translation>
        </message>
    </context>
    <context>
        <name>HoursRow</name>
        <message>
            <source>Download only at set hours</source>
            <translation>只在设定的时段下载</translation>
        </message>
        <message>
            <source>Outside of these hours downloads wait</source>
            <translation>其他时间下载会等待</translation>
        </message>
        <message>
            <source>Now they run at any time</source>
            <translation>现在随时都会下载</translation>
        </message>
        <message>
            <source>From</source>
            <translation>从</translation>
        </message>
        <message>
            <source>To</source>
            <translation>到</translation>
        </message>
    </context>
    <context>
        <name>LedgerRow</name>
        <message>
            <source>%1: %2</source>
            <translation>%1：%2</translation>
        </message>
    </context>
</TS>
