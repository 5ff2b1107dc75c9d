# Rooms of app/ that need no Qt: the window and pellucid-cli are built on the same ones. Bottom up.
set(plain_rooms catalogue digest network download library transfers hub prose reading documents answering asking)
foreach(room IN LISTS plain_rooms)
    if(NOT TARGET pellucid_${room} AND EXISTS "${CMAKE_CURRENT_LIST_DIR}/${room}/CMakeLists.txt")
        add_subdirectory("${CMAKE_CURRENT_LIST_DIR}/${room}" "${CMAKE_BINARY_DIR}/app/${room}")
    endif()
endforeach()
